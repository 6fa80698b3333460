/* One of Python's allocators with a request that fails, for a test. What other threads do meanwhile is not counted. */
#include <Python.h>

static PyMemAllocatorEx before;
static const PyMemAllocatorDomain domains[] = {PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};
static Py_ssize_t requests, failing, held;
static unsigned long ours; /* the thread */

static int is_ours(void) { return PyThread_get_thread_ident() == ours; }

static int fails(void) { return is_ours() && ++requests == failing; }

static void *counted(void *memory) {
    held += memory != NULL && is_ours();
    return memory;
}

static void *get(void *own, size_t size) {
    const PyMemAllocatorEx *const real = own;
    return fails() ? NULL : counted(real->malloc(real->ctx, size));
}

static void *get_zeroed(void *own, size_t count, size_t size) {
    const PyMemAllocatorEx *const real = own;
    return fails() ? NULL : counted(real->calloc(real->ctx, count, size));
}

static void *resize(void *own, void *memory, size_t size) {
    const PyMemAllocatorEx *const real = own;
    if (fails()) return NULL;
    void *const found = real->realloc(real->ctx, memory, size);
    if (!memory) counted(found);
    return found;
}

static void give_back(void *own, void *memory) {
    const PyMemAllocatorEx *const real = own;
    held -= memory != NULL && is_ours();
    real->free(real->ctx, memory);
}

/* What the callable returns while the request of this number, counted from 1, fails; an ellipsis for a MemoryError, which is
   then forgotten with all that it holds. */
PyObject *call_and_fail(PyObject *callable, Py_ssize_t number, int domain) {
    PyMem_GetAllocator(domains[domain], &before);
    PyMemAllocatorEx hook = {&before, get, get_zeroed, resize, give_back};
    requests = held = 0, failing = number, ours = PyThread_get_thread_ident();
    PyMem_SetAllocator(domains[domain], &hook);
    PyObject *found = PyObject_CallObject(callable, NULL);
    if (!found && PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear();
        if (held) PyGC_Collect();
        found = Py_Ellipsis;
        Py_INCREF(found);
    }
    PyMem_SetAllocator(domains[domain], &before);
    return found;
}

/* Of the last call: how many requests there were, and how many were met and not given back. */
Py_ssize_t requests_made(void) { return requests; }
Py_ssize_t blocks_held(void) { return held; }
