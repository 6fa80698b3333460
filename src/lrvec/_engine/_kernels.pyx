# cython: language_level=3, freethreading_compatible=True, embedsignature=False
"""The compiled engine turns Python objects into C tables, takes buffers, releases the GIL and calls C."""

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS,
    PyBUF_FORMAT,
    PyBUF_STRIDES,
    PyBUF_WRITABLE,
    PyBuffer_Release,
    PyObject_GetBuffer,
    Py_buffer,
)
from cpython.dict cimport PyDict_GetItem, PyDict_Next, PyDict_SetItem
from cpython.exc cimport PyErr_CheckSignals
from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_CheckExact
from cpython.list cimport PyList_GET_ITEM, PyList_New, PyList_SET_ITEM
from cpython.long cimport PyLong_CheckExact
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.object cimport PyObject, PyTypeObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_GET_ITEM
from libc.stdint cimport int32_t, int64_t
from libc.math cimport isfinite
from libc.string cimport memcmp, memset
cimport cython

from . import _checks

cdef extern from "lrvec.h" nogil:
    const int64_t LRVEC_LAST_STEP
    enum:
        LRVEC_MAX_PARAMETERS
    ctypedef int lrvec_shape "enum lrvec_shape"
    ctypedef int lrvec_operator "enum lrvec_operator"
    const int LRVEC_SHAPE_COUNT, LRVEC_OPERATION, LRVEC_OPERATION_COUNT
    const int LRVEC_DONE, LRVEC_NO_MEMORY

    ctypedef struct lrvec_segment:
        double start, origin
        lrvec_shape shape
        const void *constants

    ctypedef struct lrvec_table:
        const lrvec_segment *segments
        Py_ssize_t count
        int depth

    ctypedef struct lrvec_operation:
        lrvec_operator operation "operator"
        Py_ssize_t count
        const lrvec_table *tables
        double size, inverse

    ctypedef struct lrvec_parameter:
        const char *name
        int role

    ctypedef struct lrvec_signature:
        const char *name
        int count
        lrvec_parameter parameters[LRVEC_MAX_PARAMETERS]

    const lrvec_signature lrvec_signatures[]
    const char *lrvec_role_names[]
    const char *lrvec_operator_names[]
    int is_of_clock(lrvec_operator operator)
    const char *lrvec_widths[]

    size_t lrvec_constants_size(lrvec_shape shape)
    void lrvec_prepare(lrvec_shape shape, const double *parameters, void *constants)
    double lrvec_shape_value(lrvec_shape shape, const void *constants, double step)
    double lrvec_precise_value(lrvec_shape shape, const double *parameters, double step)
    double lrvec_value(const lrvec_table *table, int64_t step)
    ctypedef struct lrvec_part:
        pass
    void lrvec_begin_part(const lrvec_table *table, lrvec_part *last)
    int lrvec_range(const lrvec_table *table, int64_t first, int64_t stride, Py_ssize_t count, double *out)
    int lrvec_range_float(const lrvec_table *table, int64_t first, int64_t stride, Py_ssize_t count, float *out)
    int lrvec_array(const lrvec_table *table, const int64_t *steps, Py_ssize_t count, double *out)
    int lrvec_array_float(const lrvec_table *table, const int64_t *steps, Py_ssize_t count, float *out)
    int lrvec_array_short(const lrvec_table *table, const int32_t *steps, Py_ssize_t count, double *out)
    int lrvec_array_short_float(const lrvec_table *table, const int32_t *steps, Py_ssize_t count, float *out)
    Py_ssize_t lrvec_first_invalid(const int64_t *steps, Py_ssize_t count)
    Py_ssize_t lrvec_first_invalid_short(const int32_t *steps, Py_ssize_t count)
    int64_t lrvec_run_start(const int64_t *steps, Py_ssize_t count)
    int64_t lrvec_run_start_short(const int32_t *steps, Py_ssize_t count)
    ctypedef struct lrvec_column:
        const double *values
        Py_ssize_t stride
        const int64_t *counts

    ctypedef struct lrvec_row_segment:
        lrvec_shape shape
        lrvec_column start, origin
        lrvec_column parameters[LRVEC_MAX_PARAMETERS]
        const lrvec_row_operation *operation

    ctypedef struct lrvec_rows:
        const lrvec_row_segment *segments
        Py_ssize_t count
        int depth

    ctypedef struct lrvec_row_operation:
        lrvec_operator operation "operator"
        Py_ssize_t count
        const lrvec_rows *tables
        lrvec_column size

    ctypedef struct lrvec_summary:
        double sum, rest, unit, least, greatest, first, last, least_at, greatest_at

    size_t lrvec_row_size(const lrvec_rows *rows)
    lrvec_table lrvec_row(const lrvec_rows *rows, Py_ssize_t row, void *space)
    int lrvec_rows_pointwise(const lrvec_rows *rows, Py_ssize_t first, Py_ssize_t count, const int64_t *steps,
                             Py_ssize_t stride, double *out)
    const Py_ssize_t LRVEC_FEW
    int lrvec_rows_few(const lrvec_rows *rows, Py_ssize_t first, Py_ssize_t count, const int64_t *steps, int64_t start,
                       int64_t stride, Py_ssize_t width, void *out, Py_ssize_t pitch, Py_ssize_t gap, int narrow)
    int lrvec_rows_precise(const lrvec_rows *rows, Py_ssize_t first, Py_ssize_t count, const int64_t *steps,
                           Py_ssize_t stride, double *out)
    int lrvec_summarize(const lrvec_table *table, const int64_t *steps, int64_t start, int64_t stride, Py_ssize_t count,
                        lrvec_summary *summary)
    ctypedef int lrvec_relation "enum lrvec_relation"
    const int LRVEC_NO_STEP, LRVEC_NOT_YET
    int64_t lrvec_first_step(const lrvec_table *table, lrvec_relation relation, double threshold, int64_t start, int64_t stop,
                             int64_t *next)
    ctypedef struct lrvec_extremes:
        double least, greatest, least_at, greatest_at
        int64_t next

    ctypedef struct lrvec_sum:
        double sum, rest, size, unit
        int64_t next

    const double LRVEC_LARGE
    int lrvec_extremes_of(const lrvec_table *table, int64_t start, int64_t stop, lrvec_extremes *seen)
    int lrvec_integral(const lrvec_table *table, int64_t start, int64_t stop, lrvec_sum *sum)
    int lrvec_has_width(const char *name)
    const char *lrvec_choose_width(const char *name)

cdef extern from *:
    """
    #if defined(__GNUC__)
    #define PUBLISH(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)
    #define PUBLISHED(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
    #else /* MSVC, for which /volatile:ms gives volatile this order */
    #define PUBLISH(place, value) (*(lrvec_table *volatile *)&(place) = (value))
    #define PUBLISHED(place) (*(lrvec_table *volatile *)&(place))
    #endif
    #ifdef Py_GIL_DISABLED /* several threads may ask at once */
    #define VALUE_AGAIN(table, step, last) lrvec_value(table, step)
    #else
    #define VALUE_AGAIN(table, step, last) lrvec_value_again(table, step, last)
    #endif
    #ifndef Py_TPFLAGS_HAVE_VECTORCALL
    #define Py_TPFLAGS_HAVE_VECTORCALL _Py_TPFLAGS_HAVE_VECTORCALL
    #endif
    """
    void PUBLISH(lrvec_table *place, lrvec_table *value)
    lrvec_table *PUBLISHED(lrvec_table *place)
    double VALUE_AGAIN(const lrvec_table *table, int64_t step, lrvec_part *last)

cdef extern from "Python.h":
    ctypedef object (*vectorcall "vectorcallfunc")(PyObject *, PyObject *const *, size_t, PyObject *)
    unsigned long Py_TPFLAGS_HAVE_VECTORCALL
    Py_ssize_t PyVectorcall_NARGS(size_t flags)
    object PyFloat_FromDouble(double value)
    PyObject *PyDict_GetItemWithError(PyObject *dict, PyObject *key) except? NULL
    bint PyDict_CheckExact(PyObject *value)
    void PyObject_GC_Track(PyObject *)
    void PyObject_GC_UnTrack(PyObject *)
    long long PyLong_AsLongLongAndOverflow(PyObject *value, int *overflow)
    ctypedef struct VectorcallType "PyTypeObject":
        Py_ssize_t tp_vectorcall_offset
        unsigned long tp_flags

LAST_STEP = LRVEC_LAST_STEP

cdef dict roles_of(const lrvec_signature *signature):
    """Returns a shape's parameters in their order, each with its role."""
    return {
        signature.parameters[i].name.decode(): lrvec_role_names[signature.parameters[i].role].decode()
        for i in range(signature.count)
    }


SHAPES = {lrvec_signatures[i].name.decode(): roles_of(&lrvec_signatures[i]) for i in range(LRVEC_SHAPE_COUNT)}

cdef dict _numbers = {name: number for number, name in enumerate(SHAPES)}


OPERATIONS = {lrvec_operator_names[i].decode(): bool(is_of_clock(<lrvec_operator>i)) for i in range(LRVEC_OPERATION_COUNT)}

cdef dict _operators = {name: number for number, name in enumerate(OPERATIONS)}


cdef int operator_of(str name, tuple parameters) except -1:
    """Returns an operation's number. Refuses parameters that are not tables, and a size where it is of the clock."""
    cdef int number = _operators[name]
    cdef Py_ssize_t tables = sum([isinstance(one, list) for one in parameters])
    cdef Py_ssize_t numbers = 1 if is_of_clock(<lrvec_operator>number) else 0
    if len(parameters) - tables != numbers or tables < 1 or (numbers and tables > 1):
        _checks.refuse_parameters(name, 1 + numbers, len(parameters))
    return number


cdef int done(int state) except -1:
    """Returns whether all steps were valid, as a state says; raises MemoryError where memory was lacking."""
    if state == LRVEC_NO_MEMORY:
        raise MemoryError
    return state == LRVEC_DONE


cdef int64_t first_of(const lrvec_table *table, int relation, double threshold, int64_t start, int64_t stop) except? -3 nogil:
    """Returns the first step, or -1. Signals come in between."""
    cdef int64_t found = LRVEC_NOT_YET
    while found == LRVEC_NOT_YET:
        found = lrvec_first_step(table, <lrvec_relation>relation, threshold, start, stop, &start)
        if found == LRVEC_NOT_YET:
            with gil:
                PyErr_CheckSignals()
    return found


cdef int extremes_of(const lrvec_table *table, int64_t start, int64_t stop, lrvec_extremes *seen) except -1 nogil:
    cdef int state = LRVEC_NOT_YET
    memset(seen, 0, sizeof(lrvec_extremes))
    while state == LRVEC_NOT_YET:
        state = lrvec_extremes_of(table, start, stop, seen)
        start = seen.next
        if state != LRVEC_DONE:
            with gil:
                PyErr_CheckSignals()
                done(state)
    return 0


cdef int sum_up(const lrvec_table *table, int64_t start, int64_t stop, double unit, lrvec_sum *sum) except -1 nogil:
    cdef int state = LRVEC_NOT_YET
    memset(sum, 0, sizeof(lrvec_sum))
    sum.unit = unit
    while state == LRVEC_NOT_YET:
        state = lrvec_integral(table, start, stop, sum)
        start = sum.next
        if state != LRVEC_DONE:
            with gil:
                PyErr_CheckSignals()
                done(state)
    return 0


cdef int integral_of(const lrvec_table *table, int64_t start, int64_t stop, lrvec_sum *sum) except -1 nogil:
    """Sums up in a unit that is large enough."""
    sum_up(table, start, stop, 1.0, sum)
    if not isfinite(sum.sum):
        sum_up(table, start, stop, LRVEC_LARGE, sum)
    return 0


cdef double value_of(const lrvec_sum *sum) noexcept nogil:
    return (sum.sum + sum.rest if isfinite(sum.sum) else sum.sum) * sum.unit


cdef int summarize_run(const lrvec_table *table, int64_t start, Py_ssize_t count, lrvec_summary *summary) except -1 nogil:
    """Summarizes over consecutive steps, from few of the values."""
    cdef lrvec_extremes seen
    cdef lrvec_sum sum
    extremes_of(table, start, start + count, &seen)
    integral_of(table, start, start + count, &sum)
    summary.sum, summary.rest, summary.unit = sum.sum, sum.rest, sum.unit
    summary.least, summary.greatest = seen.least, seen.greatest
    summary.least_at, summary.greatest_at = seen.least_at - start, seen.greatest_at - start
    summary.first, summary.last = lrvec_value(table, start), lrvec_value(table, start + count - 1)
    return 0


cdef int64_t LARGEST = 2**60


cdef bint is_small(value, int64_t *number) noexcept:
    """Tells whether a value is an integer of Python's, not too large to be added to, and writes it."""
    cdef int overflow = 0
    if not PyLong_CheckExact(value):
        return False
    number[0] = PyLong_AsLongLongAndOverflow(<PyObject *>value, &overflow)
    return overflow == 0 and -LARGEST < number[0] < LARGEST


cdef double double_of(value) except? -1.0:
    """Returns a number as a double. A float of Python's, and an integer that is not large, take a short way."""
    cdef int64_t number
    if PyFloat_CheckExact(value):
        return PyFloat_AS_DOUBLE(value)
    return <double>number if is_small(value, &number) else value


cdef int number_of(shape, tuple parameters) except -1:
    """Returns a shape's number. Refuses too many or too few parameters, for which there is no room or no value."""
    cdef int number = _numbers[shape]
    if len(parameters) != lrvec_signatures[number].count:
        _checks.refuse_parameters(shape, lrvec_signatures[number].count, len(parameters))
    return number


cdef int number_and_values(shape, tuple parameters, double *values) except -1:
    """Returns the shape's number, and writes its parameters to `values`."""
    cdef int number = number_of(shape, parameters)
    cdef Py_ssize_t i
    for i, value in enumerate(parameters):
        values[i] = double_of(value)
    return number


cdef void *allocated(size_t size) except NULL:
    """Returns zeroed memory."""
    cdef void *memory = PyMem_Calloc(1, size)
    if memory == NULL:
        raise MemoryError
    return memory


cdef int fits(Py_ssize_t wanted, Py_ssize_t received) except -1:
    if wanted != received:
        _checks.refuse_room(wanted, received)
    return 0


def widths():
    """Returns the vector widths of this build that this processor has, narrowest first."""
    cdef int i = 0
    found = []
    while lrvec_widths[i] != NULL:
        if lrvec_has_width(lrvec_widths[i]):
            found.append(lrvec_widths[i].decode())
        i += 1
    return tuple(found)


def choose_width(name=None):
    """Makes the kernels use a width from now on, the widest one if none is named, and returns its name."""
    encoded = None if name is None else name.encode()
    cdef const char *wanted = NULL
    if encoded is not None:
        wanted = encoded
    return lrvec_choose_width(wanted).decode()


def shape_value(shape, tuple parameters, double step):
    """Returns a shape's value at a step of its own clock."""
    cdef double values[LRVEC_MAX_PARAMETERS]
    cdef lrvec_shape number = <lrvec_shape>number_and_values(shape, parameters, values)
    cdef void *constants = allocated(lrvec_constants_size(number))
    lrvec_prepare(number, values, constants)
    step = lrvec_shape_value(number, constants, step)
    PyMem_Free(constants)
    return step


def precise_value(shape, tuple parameters, double step):
    """Returns a shape's value at a step of its own clock with as little error as can be had, to be another shape's
    parameter."""
    cdef double values[LRVEC_MAX_PARAMETERS]
    cdef int number = number_and_values(shape, parameters, values)
    return lrvec_precise_value(<lrvec_shape>number, values, step)


def first_invalid(steps):
    """Returns the index of the first step outside 0 ... LAST_STEP in a contiguous buffer of int64 or int32, or -1."""
    cdef Py_buffer source
    cdef Py_ssize_t index
    PyObject_GetBuffer(steps, &source, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
    with nogil:
        if source.itemsize == 4:
            index = lrvec_first_invalid_short(<const int32_t *>source.buf, source.len // 4)
        else:
            index = lrvec_first_invalid(<const int64_t *>source.buf, source.len // 8)
    PyBuffer_Release(&source)
    return index


def run_start(steps):
    """Returns the first step of a contiguous buffer of int64 or int32 if it holds valid, consecutive steps, at least one;
    else -1."""
    cdef Py_buffer source
    cdef int64_t start
    PyObject_GetBuffer(steps, &source, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
    with nogil:
        if source.itemsize == 4:
            start = lrvec_run_start_short(<const int32_t *>source.buf, source.len // 4)
        else:
            start = lrvec_run_start(<const int64_t *>source.buf, source.len // 8)
    PyBuffer_Release(&source)
    return start


cdef enum:
    SMALL = 5  # a dict of so many entries is made faster than copied
    SAMPLED = 1024  # so many values of a sample are made at a time, in memory of the heap: lrvec_range takes most of a small stack


@cython.no_gc
cdef class Table:
    """A table holds segments ready for the kernels. They are given as (start, origin, shape, parameters) in the order of
    their starts. A segment that ends where it starts, or starts after the last step, is left out. An operation stands in
    the place of a shape; among its parameters are lists of segments, for tables of their own."""

    cdef lrvec_table table
    cdef lrvec_segment *segments
    cdef char *constants
    cdef list inner  # the tables of the operations
    cdef lrvec_part last  # whoever holds the GIL uses it

    def __cinit__(self, list segments):
        cdef Py_ssize_t i, j, size = 0, count = 0
        cdef double parameters[LRVEC_MAX_PARAMETERS]
        cdef double start, next_start = 3.0 * LRVEC_LAST_STEP
        cdef lrvec_segment *segment
        self.segments = <lrvec_segment *>allocated(len(segments) * sizeof(lrvec_segment))
        for i in range(len(segments) - 1, -1, -1):  # the last segment first, in the last place
            begin, _, name, values = segments[i]
            start = double_of(begin)
            # The last step and the next integer are the same as doubles, but not as integers.
            if start > LRVEC_LAST_STEP or (start == LRVEC_LAST_STEP and begin > LAST_STEP):
                continue
            if start < next_start:
                count += 1
                segment = &self.segments[len(segments) - count]
                segment.start, segment.constants = start, <const void *>i  # its place, until it has constants
                if name in _operators:
                    segment.shape = <lrvec_shape>LRVEC_OPERATION
                    size += sizeof(lrvec_operation) + len(values) * sizeof(lrvec_table)
                else:
                    segment.shape = <lrvec_shape>number_of(name, values)
                    size += lrvec_constants_size(segment.shape)
                next_start = start
        self.constants = <char *>allocated(size)
        self.table.segments, self.table.count = self.segments + (len(segments) - count), count
        size = 0
        for i in range(len(segments) - count, len(segments)):
            segment = &self.segments[i]
            _, origin, name, values = segments[<Py_ssize_t>segment.constants]
            segment.origin = double_of(origin)
            segment.constants = self.constants + size
            if segment.shape == LRVEC_OPERATION:
                self.operate(name, values, <lrvec_operation *>segment.constants)
                size += sizeof(lrvec_operation) + len(values) * sizeof(lrvec_table)
                continue
            for j, value in enumerate(<tuple>values):
                parameters[j] = double_of(value)
            lrvec_prepare(segment.shape, parameters, self.constants + size)
            size += lrvec_constants_size(segment.shape)
        lrvec_begin_part(&self.table, &self.last)

    cdef int operate(self, str name, tuple parameters, lrvec_operation *operation) except -1:
        """Makes an operation, whose tables stand behind it."""
        cdef lrvec_table *tables = <lrvec_table *>(operation + 1)
        cdef Table table
        operation.operation = <lrvec_operator>operator_of(name, parameters)
        operation.tables = tables
        if self.inner is None:
            self.inner = []
        for parameter in parameters:
            if isinstance(parameter, list):
                table = Table(parameter)
                self.inner.append(table)
                tables[operation.count] = table.table
                operation.count += 1
                self.table.depth = max(self.table.depth, table.table.depth + 1)
            else:
                operation.size = parameter
                operation.inverse = 1.0 / operation.size
        return 0

    def __dealloc__(self):
        PyMem_Free(self.segments)
        PyMem_Free(self.constants)

    def value(self, int64_t step):
        return VALUE_AGAIN(&self.table, step, &self.last)

    def sample(self, Py_ssize_t count):
        """Returns the values at 0, 1, ... count - 1 as a list of floats. A value that stays is one float. Other threads run
        and signals come in between, and nobody sees the list before it is whole."""
        cdef Py_ssize_t begin = 0, i, size
        cdef object value, values = PyList_New(count)
        cdef double *block = <double *>allocated(min(count, SAMPLED) * sizeof(double))
        PyObject_GC_UnTrack(<PyObject *>values)
        try:
            while begin < count:
                size = sample_block(&self.table, begin, count, block)
                for i in range(size):
                    if i == 0 or not same_bits(block[i], block[i - 1]):
                        value = PyFloat_FromDouble(block[i])
                    Py_INCREF(value)
                    PyList_SET_ITEM(values, begin + i, value)
                begin += size
        finally:
            PyMem_Free(block)
        PyObject_GC_Track(<PyObject *>values)
        return values

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def sample_products(self, Py_ssize_t count, dict factors):
        """Returns a dict for each of the steps 0, 1, ... count - 1: the products of its value with the factors, floats, by
        their names. Where a value stays, so do the floats. Other threads run and signals come in between, and nobody sees
        the list before it is whole."""
        cdef tuple names = tuple(factors)
        cdef Py_ssize_t begin = 0, width = len(names), i, j, size
        cdef list rows = PyList_New(count)
        cdef dict row, last = None
        cdef double *given = <double *>allocated((width + min(count, SAMPLED)) * sizeof(double))
        cdef double *block = given + width
        PyObject_GC_UnTrack(<PyObject *>rows)
        try:
            for j in range(width):
                given[j] = factors[names[j]]
            while begin < count:
                size = sample_block(&self.table, begin, count, block)
                for i in range(size):
                    if i > 0 and same_bits(block[i], block[i - 1]):
                        row = last.copy()  # to copy the very row before takes longer, since it has just been stored
                    else:
                        row = last = factors.copy()
                        for j in range(width):
                            row[names[j]] = block[i] * given[j]
                    Py_INCREF(row)
                    PyList_SET_ITEM(rows, begin + i, row)
                begin += size
        finally:
            PyMem_Free(given)
        PyObject_GC_Track(<PyObject *>rows)
        return rows

    def fill_range(self, int64_t first, int64_t stride, out):
        """Writes the values at first, first + stride, ... to a contiguous buffer of doubles or floats."""
        cdef Py_buffer target
        cdef int state
        PyObject_GetBuffer(out, &target, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | PyBUF_WRITABLE)
        try:
            with nogil:
                if target.itemsize == 8:
                    state = lrvec_range(&self.table, first, stride, target.len // 8, <double *>target.buf)
                else:
                    state = lrvec_range_float(&self.table, first, stride, target.len // 4, <float *>target.buf)
        finally:
            PyBuffer_Release(&target)
        done(state)

    def fill_array(self, steps, out):
        """Writes the values at `steps`, a contiguous buffer of int64 or int32, to `out` as fill_range does. Returns whether
        all steps were valid: if not, anything may stand in `out`."""
        cdef Py_buffer source, target
        cdef Py_ssize_t count
        cdef int state
        cdef bint is_short
        PyObject_GetBuffer(steps, &source, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        try:
            PyObject_GetBuffer(out, &target, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | PyBUF_WRITABLE)
            try:
                is_short = source.itemsize == 4
                count = source.len // (4 if is_short else 8)
                fits(count, target.len // target.itemsize)
                with nogil:
                    if is_short and target.itemsize == 8:
                        state = lrvec_array_short(&self.table, <const int32_t *>source.buf, count, <double *>target.buf)
                    elif is_short:
                        state = lrvec_array_short_float(&self.table, <const int32_t *>source.buf, count, <float *>target.buf)
                    elif target.itemsize == 8:
                        state = lrvec_array(&self.table, <const int64_t *>source.buf, count, <double *>target.buf)
                    else:
                        state = lrvec_array_float(&self.table, <const int64_t *>source.buf, count, <float *>target.buf)
            finally:
                PyBuffer_Release(&target)
        finally:
            PyBuffer_Release(&source)
        return bool(done(state))

    def first_step(self, int relation, double threshold, int64_t start, int64_t stop):
        """Returns the first of the steps start ... stop - 1 at which the value is in this relation to the threshold, one of
        RELATIONS by its place there; or -1."""
        cdef int64_t found
        with nogil:
            found = first_of(&self.table, relation, threshold, start, stop)
        return found

    def integral(self, int64_t start, int64_t stop):
        """Returns the sum of the values at the steps start ... stop - 1."""
        cdef lrvec_sum sum
        with nogil:
            integral_of(&self.table, start, stop, &sum)
        return value_of(&sum)

    def summarize_run(self, int64_t start, Py_ssize_t count):
        """Returns the summary over consecutive steps, as summarize_range does, but from few of the values."""
        cdef lrvec_summary summary
        with nogil:
            summarize_run(&self.table, start, count, &summary)
        return summary_tuple(&summary)

    def peak(self, int64_t start, Py_ssize_t count):
        """Returns a summary over consecutive steps, of which only the greatest value and its place count."""
        return self.summarize_run(start, count)

    def summarize_range(self, int64_t first, int64_t stride, Py_ssize_t count):
        """Returns the summary over a range: the numbers that `FIELDS` of _evaluate/summary.py names."""
        cdef lrvec_summary summary
        cdef int state
        with nogil:
            state = lrvec_summarize(&self.table, NULL, first, stride, count, &summary)
        done(state)
        return summary_tuple(&summary)

    def summarize_array(self, steps):
        """Returns the summary over `steps`, a contiguous buffer of int64; or None, if a step is invalid."""
        cdef lrvec_summary summary
        cdef Py_buffer source
        cdef int state
        PyObject_GetBuffer(steps, &source, PyBUF_C_CONTIGUOUS)
        with nogil:
            state = lrvec_summarize(&self.table, <const int64_t *>source.buf, 0, 0, source.len // 8, &summary)
        PyBuffer_Release(&source)
        return summary_tuple(&summary) if done(state) else None


# A call of the interpreter itself begins by looking at signals and at threads that have waited for long, and hands over to these.
# To let go of the lock at each block would only wake them, and take it again before they have it.
cdef object _take_turns = eval("lambda: None", {})


cdef Py_ssize_t sample_block(const lrvec_table *table, Py_ssize_t begin, Py_ssize_t count, double *block) except -1:
    """Writes the values of a sample's next steps to a block, and returns how many these are. Between blocks, other threads run
    and signals come in."""
    cdef Py_ssize_t size = min(count - begin, SAMPLED)
    if begin:
        _take_turns()
    done(lrvec_range(table, begin, 1, size, block))
    return size


def plain_table(list segments, type at):
    """Returns a table of segments as compositions leave them, which is most: of shapes that the engine knows, with numbers or
    `at`, segments at a step, for their parameters. Returns None for others, and where an `at` holds more than one segment
    of numbers: whoever asks resolves them first."""
    cdef list found = segments
    cdef Py_ssize_t i
    for i, (start, origin, name, parameters) in enumerate(segments):
        if name not in _numbers:
            return None
        if not are_numbers(parameters):
            parameters = with_numbers(parameters, at)
            if parameters is None:
                return None
            if found is segments:
                found = segments.copy()
            found[i] = (start, origin, name, parameters)
    return Table(found)


def in_turn(phases, curves):
    """Returns the segments of curves one after another, and the step where the last one ends, as in_turn of
    _lowering/segments.py does, which takes all curves. Returns None where a start, an origin or a length is none of Python's
    integers, or is very large, and where a curve that waits begins when it ends."""
    cdef list found = []
    cdef int64_t start = 0, length, begin, origin
    cdef bint has_end
    cdef Py_ssize_t i
    for i, curve in enumerate(curves):
        phase = phases[i]
        has_end, length = type(phase) is tuple, 0
        if start > LARGEST or (has_end and not is_small((<tuple>phase)[0], &length)):
            return None
        for part in <list>curve:
            first, second, name, parameters = <tuple>part
            if not is_small(first, &begin) or not is_small(second, &origin):
                return None
            if not has_end or begin < length:
                found.append((begin + start, origin + start, name, parameters) if start else part)
            elif begin == length and type(name) is not str:
                return None
        start += length
    return found, start


cdef bint are_numbers(tuple parameters) noexcept:
    for value in parameters:
        if not isinstance(value, (float, int)):
            return False
    return True


cdef tuple with_numbers(tuple parameters, type at):
    """Returns the parameters with a number in place of each `at`; or None, where that is not to be had here."""
    cdef list found = []
    cdef list segments
    for value in parameters:
        if type(value) is at:
            segments, step = value.segments, value.step
            if len(segments) > 1 or type(step) is not int:
                return None
            _, origin, name, own = segments[0]
            if name not in _numbers or not are_numbers(own):
                return None
            value = (precise_value if value.precise else shape_value)(name, own, step - origin)
        found.append(value)
    return tuple(found) if are_numbers(tuple(found)) else None


cdef tuple summary_tuple(const lrvec_summary *found):
    return (
        found.sum,
        found.rest,
        found.unit,
        found.least,
        found.greatest,
        found.first,
        found.last,
        found.least_at,
        found.greatest_at,
    )


cdef class Rows:
    """Rows are `count` tables, made from segments as Table takes them, but a contiguous array of that length may stand in
    place of any number: of float64, or of int64, each of which is the double nearest to it. Each method works on the rows
    from `begin` to `end`, and its buffers have one row for each of these."""

    cdef lrvec_rows rows
    cdef lrvec_row_segment *segments
    cdef readonly Py_ssize_t count
    cdef list arrays
    cdef double *numbers  # those that stand alone, with no array
    cdef list inner  # the rows of the operations' tables
    cdef lrvec_row_operation *operations  # as many as there are segments
    cdef lrvec_rows *tables  # of all operations, one after another

    def __cinit__(self, list segments, Py_ssize_t count):
        cdef Py_ssize_t i, place = 0
        cdef lrvec_row_segment *segment
        cdef double *numbers
        self.count = count
        self.arrays, self.inner = [], []
        self.segments = <lrvec_row_segment *>allocated(len(segments) * sizeof(lrvec_row_segment))
        self.numbers = <double *>allocated(len(segments) * (2 + LRVEC_MAX_PARAMETERS) * sizeof(double))
        self.operations = <lrvec_row_operation *>allocated(len(segments) * sizeof(lrvec_row_operation))
        self.tables = <lrvec_rows *>allocated(
            sum([len(values) for _, _, name, values in segments if name in _operators]) * sizeof(lrvec_rows)
        )
        for i, (start, origin, shape, values) in enumerate(segments):
            segment = &self.segments[i]
            numbers = &self.numbers[(2 + LRVEC_MAX_PARAMETERS) * i]
            segment.start = self.column(start, &numbers[0])
            segment.origin = self.column(origin, &numbers[1])
            if shape in _operators:
                segment.shape, segment.operation = <lrvec_shape>LRVEC_OPERATION, &self.operations[i]
                self.operations[i].tables = &self.tables[place]
                place += self.operate(shape, values, &self.operations[i], &self.tables[place], &numbers[2])
                continue
            segment.shape = <lrvec_shape>number_of(shape, values)
            for j, value in enumerate(values):
                segment.parameters[j] = self.column(value, &numbers[2 + j])
        self.rows.segments, self.rows.count = self.segments, len(segments)

    cdef Py_ssize_t operate(
        self, str name, tuple parameters, lrvec_row_operation *operation, lrvec_rows *tables, double *size
    ) except -1:
        """Makes an operation, and returns how many tables it has."""
        cdef Rows rows
        operation.operation = <lrvec_operator>operator_of(name, parameters)
        size[0] = 1.0
        operation.size.values = size
        for parameter in parameters:
            if isinstance(parameter, list):
                rows = Rows(parameter, self.count)
                self.inner.append(rows)
                tables[operation.count] = rows.rows
                operation.count += 1
                self.rows.depth = max(self.rows.depth, rows.rows.depth + 1)
            else:
                operation.size = self.column(parameter, size)
        return operation.count

    cdef lrvec_column column(self, value, double *place) except *:
        cdef lrvec_column column
        cdef Py_buffer view
        column.values, column.stride, column.counts = place, 0, NULL
        if hasattr(value, "shape") and value.shape:
            self.arrays.append(value)  # keeps the memory
            PyObject_GetBuffer(value, &view, PyBUF_C_CONTIGUOUS)
            column.stride = 1
            if value.dtype.kind == "i":
                column.counts = <const int64_t *>view.buf
            else:
                column.values = <const double *>view.buf
            try:
                fits(self.count, view.len // 8)
            finally:
                PyBuffer_Release(&view)
        else:
            place[0] = value
        return column

    def __dealloc__(self):
        PyMem_Free(self.segments)
        PyMem_Free(self.numbers)
        PyMem_Free(self.operations)
        PyMem_Free(self.tables)

    cdef int holds(self, Py_ssize_t begin, Py_ssize_t end) except -1:
        """Refuses rows that are not there."""
        if not 0 <= begin <= end <= self.count:
            _checks.refuse_rows(begin, end, self.count)
        return 0

    def fill_range(self, Py_ssize_t begin, Py_ssize_t end, int64_t first, int64_t stride, out):
        """Writes the values at first, first + stride, ... to the rows of `out`, whose width says how many. Its rows may lie in
        columns one behind the other, unless operations are within."""
        self.fill(begin, end, None, first, stride, out)

    def fill_array(self, Py_ssize_t begin, Py_ssize_t end, steps, out):
        """Writes the values at `steps`, a contiguous buffer of int64. Returns whether all steps were valid, as Table.fill_array
        does."""
        return self.fill(begin, end, steps, 0, 0, out)

    cdef fill(self, Py_ssize_t begin, Py_ssize_t end, steps, int64_t first, int64_t stride, out):
        cdef Py_buffer source, target
        cdef const int64_t *listed = NULL
        cdef lrvec_table table
        cdef Py_ssize_t i, count
        cdef int state = LRVEC_DONE
        cdef bint in_columns
        cdef char *row
        cdef void *space
        self.holds(begin, end)
        if steps is not None:
            PyObject_GetBuffer(steps, &source, PyBUF_C_CONTIGUOUS)
            listed = <const int64_t *>source.buf
        try:
            PyObject_GetBuffer(out, &target, PyBUF_STRIDES | PyBUF_FORMAT | PyBUF_WRITABLE)
            try:
                count = target.shape[1]
                fits(end - begin, target.shape[0])
                if listed != NULL:
                    fits(source.len // 8, count)
                in_columns = count > 1 and target.strides[1] != target.itemsize
                if (count <= LRVEC_FEW or in_columns) and self.rows.depth == 0:
                    with nogil:
                        state = lrvec_rows_few(&self.rows, begin, end - begin, listed, first, stride, count, target.buf,
                                               target.strides[0], target.strides[1], target.itemsize == 4)
                    return bool(done(state))
                if in_columns:
                    raise BufferError("the rows of out must be contiguous")
                space = allocated(lrvec_row_size(&self.rows))
                with nogil:
                    for i in range(end - begin):
                        table = lrvec_row(&self.rows, begin + i, space)
                        row = <char *>target.buf + i * target.strides[0]
                        state = fill_row(&table, listed, first, stride, count, row, target.itemsize == 4)
                        if state != LRVEC_DONE:
                            break
                PyMem_Free(space)
            finally:
                PyBuffer_Release(&target)
        finally:
            if listed != NULL:
                PyBuffer_Release(&source)
        return bool(done(state))

    def pointwise(self, Py_ssize_t begin, Py_ssize_t end, steps, out):
        """Writes the value of row i at steps[i - begin]. `steps` is a contiguous buffer of int64 with one step a row, or one
        step for all. Returns whether all steps were valid: if not, anything may stand in `out`."""
        return self.each(begin, end, steps, out, False)

    def precise(self, Py_ssize_t begin, Py_ssize_t end, steps, out):
        """Does what `pointwise` does, with precise values."""
        return self.each(begin, end, steps, out, True)

    cdef each(self, Py_ssize_t begin, Py_ssize_t end, steps, out, bint precise):
        cdef Py_buffer source, target
        cdef Py_ssize_t count
        cdef int state
        self.holds(begin, end)
        PyObject_GetBuffer(steps, &source, PyBUF_C_CONTIGUOUS)
        try:
            PyObject_GetBuffer(out, &target, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)
            try:
                count = source.len // 8
                fits(end - begin, target.len // 8)
                if count != 1:
                    fits(end - begin, count)
                with nogil:
                    if precise:
                        state = lrvec_rows_precise(&self.rows, begin, end - begin, <const int64_t *>source.buf,
                                                   1 if count > 1 else 0, <double *>target.buf)
                    else:
                        state = lrvec_rows_pointwise(&self.rows, begin, end - begin, <const int64_t *>source.buf,
                                                     1 if count > 1 else 0, <double *>target.buf)
            finally:
                PyBuffer_Release(&target)
        finally:
            PyBuffer_Release(&source)
        return bool(done(state))

    def first_steps(self, Py_ssize_t begin, Py_ssize_t end, int relation, thresholds, starts, stops, out):
        """Writes the first step of each row, as Table.first_step has it, to `out`. All four are contiguous, one entry a row:
        float64 thresholds, and int64."""
        cdef Py_buffer views[4]
        cdef lrvec_table table
        cdef Py_ssize_t i, held = 0
        cdef void *space = NULL
        self.holds(begin, end)
        try:
            for buffer in (thresholds, starts, stops, out):
                PyObject_GetBuffer(buffer, &views[held], PyBUF_C_CONTIGUOUS)
                held += 1
                fits(end - begin, views[held - 1].len // 8)
            space = allocated(lrvec_row_size(&self.rows))
            with nogil:
                for i in range(end - begin):
                    table = lrvec_row(&self.rows, begin + i, space)
                    (<int64_t *>views[3].buf)[i] = first_of(&table, relation, (<double *>views[0].buf)[i],
                                                            (<int64_t *>views[1].buf)[i], (<int64_t *>views[2].buf)[i])
        finally:
            PyMem_Free(space)
            for i in range(held):
                PyBuffer_Release(&views[i])

    def integrals(self, Py_ssize_t begin, Py_ssize_t end, starts, stops, out):
        """Writes the sum of each row's values, as Table.integral has it, to `out`. All three are contiguous, one entry a row:
        int64 bounds, and float64."""
        cdef Py_buffer views[3]
        cdef lrvec_table table
        cdef lrvec_sum sum
        cdef Py_ssize_t i, held = 0
        cdef void *space = NULL
        self.holds(begin, end)
        try:
            for buffer in (starts, stops, out):
                PyObject_GetBuffer(buffer, &views[held], PyBUF_C_CONTIGUOUS)
                held += 1
                fits(end - begin, views[held - 1].len // 8)
            space = allocated(lrvec_row_size(&self.rows))
            with nogil:
                for i in range(end - begin):
                    table = lrvec_row(&self.rows, begin + i, space)
                    integral_of(&table, (<int64_t *>views[0].buf)[i], (<int64_t *>views[1].buf)[i], &sum)
                    (<double *>views[2].buf)[i] = value_of(&sum)
        finally:
            PyMem_Free(space)
            for i in range(held):
                PyBuffer_Release(&views[i])

    def summarize_run(self, Py_ssize_t begin, Py_ssize_t end, int64_t start, Py_ssize_t count, out):
        """Writes the summary of each row over consecutive steps, as Table.summarize_run has it, to the rows of `out`."""
        cdef Py_buffer target
        cdef lrvec_table table
        cdef Py_ssize_t i
        cdef void *space = NULL
        self.holds(begin, end)
        PyObject_GetBuffer(out, &target, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)
        try:
            fits(end - begin, target.len // sizeof(lrvec_summary))
            space = allocated(lrvec_row_size(&self.rows))
            with nogil:
                for i in range(end - begin):
                    table = lrvec_row(&self.rows, begin + i, space)
                    summarize_run(&table, start, count, <lrvec_summary *>target.buf + i)
        finally:
            PyMem_Free(space)
            PyBuffer_Release(&target)

    def peaks(self, Py_ssize_t begin, Py_ssize_t end, int64_t start, Py_ssize_t count, out):
        """Writes what Table.peak returns of each row to the rows of `out`."""
        self.summarize_run(begin, end, start, count, out)

    def summarize_range(self, Py_ssize_t begin, Py_ssize_t end, int64_t first, int64_t stride, Py_ssize_t count, out):
        """Writes the summary of each row over a range to the rows of `out`, which is contiguous and float64."""
        self.summarize(begin, end, None, first, stride, count, out)

    def summarize_array(self, Py_ssize_t begin, Py_ssize_t end, steps, out):
        """Writes the summary of each row over `steps`, a contiguous buffer of int64. Returns whether all steps were valid."""
        return self.summarize(begin, end, steps, 0, 0, 0, out)

    cdef summarize(self, Py_ssize_t begin, Py_ssize_t end, steps, int64_t first, int64_t stride, Py_ssize_t count, out):
        cdef Py_buffer source, target
        cdef const int64_t *listed = NULL
        cdef lrvec_table table
        cdef Py_ssize_t i
        cdef int state = LRVEC_DONE
        cdef void *space
        self.holds(begin, end)
        if steps is not None:
            PyObject_GetBuffer(steps, &source, PyBUF_C_CONTIGUOUS)
            listed, count = <const int64_t *>source.buf, source.len // 8
        try:
            PyObject_GetBuffer(out, &target, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)
            try:
                fits(end - begin, target.len // sizeof(lrvec_summary))
                space = allocated(lrvec_row_size(&self.rows))
                with nogil:
                    for i in range(end - begin):
                        table = lrvec_row(&self.rows, begin + i, space)
                        state = lrvec_summarize(&table, listed, first, stride, count, <lrvec_summary *>target.buf + i)
                        if state != LRVEC_DONE:
                            break
                PyMem_Free(space)
            finally:
                PyBuffer_Release(&target)
        finally:
            if listed != NULL:
                PyBuffer_Release(&source)
        return bool(done(state))


cdef int fill_row(
    const lrvec_table *table, const int64_t *steps, int64_t first, int64_t stride, Py_ssize_t count, void *row, bint narrow
) noexcept nogil:
    """Writes the values at listed steps, or without these at first, first + stride, ... to a row of doubles or floats."""
    if steps == NULL:
        if narrow:
            return lrvec_range_float(table, first, stride, count, <float *>row)
        return lrvec_range(table, first, stride, count, <double *>row)
    if narrow:
        return lrvec_array_float(table, steps, count, <float *>row)
    return lrvec_array(table, steps, count, <double *>row)


def fill_ranges(list tables, int64_t first, int64_t stride, out):
    """Writes the values of each table at first, first + stride, ... to its row of `out`, whose width says how many."""
    fill_rows(tables, None, first, stride, out)


def fill_arrays(list tables, steps, out):
    """Writes the values of each table at `steps`, a contiguous buffer of int64, to its row of `out`. Returns whether all
    steps were valid, as Table.fill_array does."""
    return fill_rows(tables, steps, 0, 0, out)


cdef fill_rows(list tables, steps, int64_t first, int64_t stride, out):
    cdef Py_buffer source, target
    cdef const int64_t *listed = NULL
    cdef Table table
    cdef Py_ssize_t i
    cdef int state = LRVEC_DONE
    if steps is not None:
        PyObject_GetBuffer(steps, &source, PyBUF_C_CONTIGUOUS)
        listed = <const int64_t *>source.buf
    try:
        PyObject_GetBuffer(out, &target, PyBUF_STRIDES | PyBUF_FORMAT | PyBUF_WRITABLE)
        try:
            fits(len(tables), target.shape[0])
            if listed != NULL:
                fits(source.len // 8, target.shape[1])
            for i, table in enumerate(tables):
                with nogil:
                    state = fill_row(&table.table, listed, first, stride, target.shape[1],
                                     <char *>target.buf + i * target.strides[0], target.itemsize == 4)
                if state != LRVEC_DONE:
                    break
        finally:
            PyBuffer_Release(&target)
    finally:
        if listed != NULL:
            PyBuffer_Release(&source)
    return bool(done(state))


def holds_numbers(groups, tuple keys):
    """Tells whether every one of `groups` is a plain dict that holds a float or an int at each of the keys."""
    cdef PyObject *found
    for entries in groups:
        if type(entries) is not dict:
            return False
        for key in keys:
            found = PyDict_GetItemWithError(<PyObject *>entries, <PyObject *>key)
            if found == NULL or not isinstance(<object>found, (float, int)):
                return False
    return True


cdef class Products:
    """Products are what a step writes into dicts: values of tables, times entries of the dicts themselves.

    Each of `columns` is (key, factor). `tables` has a table for each, dict by dict. What the table gives at the step,
    times the dict's entry at `factor` if there is one, becomes the dict's entry at `key`.

    `known` are keys. `objects` has an object for each, dict by dict: the one that a dict holds there, or an ellipsis
    where it holds none."""

    cdef tuple known, keys, factors
    cdef public list objects, tables

    def __cinit__(self, tuple known, tuple columns, list objects, list tables):
        self.known, self.objects, self.tables = known, objects, tables
        self.keys, self.factors = tuple([key for key, _ in columns]), tuple([factor for _, factor in columns])

    @cython.boundscheck(False)
    @cython.wraparound(False)
    def write(self, groups, int64_t step):
        """Writes the products of a step into the dicts, the `groups`, and returns whether it has done so.

        Nothing is written unless every dict is a plain one that holds the very objects at the known keys, and every
        factor is a float or an int that a double can hold."""
        cdef tuple dicts = tuple(groups), known = self.known, keys = self.keys, factors = self.factors
        cdef list objects = self.objects, tables = self.tables
        cdef Py_ssize_t count = len(dicts), width = len(keys), depth = len(known), i, j, place = 0
        cdef double few[16]
        cdef double *values = few  # one for each column, and behind these the products
        cdef double *products
        cdef double factor
        cdef Table table
        cdef PyObject *found
        cdef PyObject *entries
        cdef object product = 0.0  # one float serves several dicts, while it is right
        if len(objects) != count * depth or len(tables) != count * width:
            return False
        if (count + 1) * width > 16:
            values = <double *>allocated((count + 1) * width * sizeof(double))
        products = values + width
        try:
            for i in range(count):
                entries = PyTuple_GET_ITEM(dicts, i)
                if not PyDict_CheckExact(entries):
                    return False
                for j in range(depth):
                    found = PyDict_GetItemWithError(entries, PyTuple_GET_ITEM(known, j))
                    if (found if found != NULL else <PyObject *>...) != PyList_GET_ITEM(objects, i * depth + j):
                        return False
                for j in range(width):
                    if i == 0 or PyList_GET_ITEM(tables, place) != PyList_GET_ITEM(tables, place - width):
                        table = tables[place]
                        values[j] = VALUE_AGAIN(&table.table, step, &table.last)
                    found = PyDict_GetItemWithError(entries, PyTuple_GET_ITEM(factors, j))
                    if found == NULL:
                        factor = 1.0
                    elif PyFloat_CheckExact(<object>found):
                        factor = PyFloat_AS_DOUBLE(<object>found)
                    elif isinstance(<object>found, (float, int)):
                        try:
                            factor = <object>found
                        except OverflowError:
                            return False
                    else:
                        return False
                    products[place] = values[j] * factor
                    place += 1
            for j in range(width):
                for i in range(count):
                    place = i * width + j
                    if not same_bits(product, products[place]):
                        product = products[place]
                    PyDict_SetItem(<object>PyTuple_GET_ITEM(dicts, i), keys[j], product)
            return True
        finally:
            if values != few:
                PyMem_Free(values)


def products(double value, dict factors):
    """Returns a dict of the value's products with the factors, floats too, by their names."""
    cdef dict found = {} if len(factors) <= SMALL else factors.copy()
    cdef Py_ssize_t place = 0
    cdef PyObject *name
    cdef PyObject *factor
    cdef double number
    while PyDict_Next(factors, &place, &name, &factor):
        number = <object>factor
        found[<object>name] = value * number
    return found


@cython.boundscheck(False)
@cython.wraparound(False)
def rows_of(dict row, list columns):
    """Returns a dict for each place in the columns, which are lists as long as each other: what stands there, by the names
    of `row`. Other threads run and signals come in between, and nobody sees the list before it is whole."""
    cdef tuple names = tuple(row)
    cdef Py_ssize_t width = len(names), i, j, count = len(<list>columns[0]) if columns else 0
    cdef list rows, column
    cdef dict last = row
    cdef PyObject *value
    fits(width, len(columns))
    for column in columns:
        fits(count, len(column))
    rows = PyList_New(count)
    PyObject_GC_UnTrack(<PyObject *>rows)
    for i in range(count):
        if i and i % SAMPLED == 0:
            _take_turns()
        row = last.copy()
        for j in range(width):
            column = <list>PyList_GET_ITEM(columns, j)
            value = PyList_GET_ITEM(column, i)
            if i == 0 or value != PyList_GET_ITEM(column, i - 1):
                row[names[j]] = <object>value
                last = row
        Py_INCREF(row)
        PyList_SET_ITEM(rows, i, row)
    PyObject_GC_Track(<PyObject *>rows)
    return rows


cdef inline bint same_bits(double one, double other) noexcept:
    return memcmp(&one, &other, sizeof(double)) == 0


cdef struct bounds:
    double low, high
    bint is_number, is_count, has_low, has_high, is_optional
    int64_t least  # of the durations of phases; -1 for what is none


cdef bint are_phases(tuple value, part, int64_t least) noexcept:
    """Tells whether phases are pairs of a duration from `least` to the last step and a value of the very type `part`. If a
    duration may be 0, the last value may be without one."""
    cdef Py_ssize_t i, count = len(value)
    cdef int64_t duration
    cdef int overflow = 0
    for i, phase in enumerate(value):
        if type(phase) is tuple and len(<tuple>phase) == 2 and PyLong_CheckExact((<tuple>phase)[0]):
            duration = PyLong_AsLongLongAndOverflow(<PyObject *>(<tuple>phase)[0], &overflow)
            if overflow or not least <= duration <= LRVEC_LAST_STEP or type((<tuple>phase)[1]) is not part:
                return False
        elif least > 0 or i + 1 < count or type(phase) is not part:
            return False
    return count > 0


cdef class Reader:
    """A reader knows what is declared of a kind's parameters, and reads those that are Python's own numbers and within
    their ranges. A kind's checks see to all others.

    A number is declared as (name, is_optional, is_count, low, high, has_low, has_high), and phases as (name, is_optional,
    type, least): a list of pairs of a duration, which is at least `least`, and a value of this very type. If `least` is 0,
    the last value may be without a duration. Anything else is declared as (name, is_optional, accepted): a type, whose very
    own values are taken as they are; a tuple of words; or a function that checks a name and a value, and returns the value.
    The first `positional` parameters may come without their names.
    """

    cdef tuple names, accepted
    cdef Py_ssize_t positional
    cdef bounds *limits

    def __cinit__(self, list declared, Py_ssize_t positional):
        cdef Py_ssize_t i
        cdef bounds *limit
        self.positional = positional
        self.names = tuple([entry[0] for entry in declared])
        self.accepted = tuple([entry[2] for entry in declared])
        self.limits = <bounds *>allocated(len(declared) * sizeof(bounds))
        for i, (_, is_optional, *rest) in enumerate(declared):
            limit = &self.limits[i]
            limit.is_optional, limit.is_number, limit.least = is_optional, len(rest) > 2, -1
            if len(rest) == 2:
                limit.least = rest[1]
            if limit.is_number:
                limit.is_count, limit.low, limit.high, limit.has_low, limit.has_high = rest

    def __dealloc__(self):
        PyMem_Free(self.limits)

    def read(self, tuple arguments, dict given):
        """Returns the parameters in their order, without optional ones that are not given; or None, where they need
        another check."""
        cdef dict found = {}
        cdef Py_ssize_t i, taken = 0, count_given = len(arguments)
        cdef bounds *limit
        cdef PyObject *value
        cdef double number
        cdef long long count
        cdef int overflow = 0
        cdef bint is_checked = True
        if count_given > self.positional:
            return None
        for i, name in enumerate(self.names):
            limit = &self.limits[i]
            value = <PyObject *>arguments[i] if i < count_given else PyDict_GetItem(given, name)
            if value == NULL:
                if limit.is_optional:
                    continue
                return None
            taken += 1
            if limit.is_optional and <object>value is None:
                continue
            if not limit.is_number:
                accepted = self.accepted[i]
                if limit.least >= 0:
                    if type(<object>value) is not list and type(<object>value) is not tuple:
                        return None
                    phases = tuple(<object>value)
                    if not are_phases(phases, accepted, limit.least):
                        return None
                    found[name] = phases
                    continue
                if isinstance(accepted, type):
                    if type(<object>value) is not accepted:
                        return None
                elif isinstance(accepted, tuple):
                    if type(<object>value) is not str or <object>value not in <tuple>accepted:
                        return None
                else:
                    is_checked = False
                found[name] = <object>value
                continue
            if limit.is_count:
                if not PyLong_CheckExact(<object>value):
                    return None
                count = PyLong_AsLongLongAndOverflow(value, &overflow)
                if overflow != 0 or count > LRVEC_LAST_STEP:
                    return None
                number = <double>count
            elif PyFloat_CheckExact(<object>value):
                number = PyFloat_AS_DOUBLE(<object>value)
            else:
                return None
            if not ((limit.low <= number if limit.has_low else limit.low < number)
                    and (number <= limit.high if limit.has_high else number < limit.high)):
                return None
            found[name] = <object>value
        if taken != count_given + len(given):
            return None
        if not is_checked:
            self.check(found)
        return found

    cdef check(self, dict found):
        """Calls the checks: last, since whoever checks the parameters again may not find the same in an iterator."""
        cdef Py_ssize_t i
        for i, name in enumerate(self.names):
            accepted = self.accepted[i]
            if not self.limits[i].is_number and name in found and not isinstance(accepted, (type, tuple)):
                found[name] = accepted(name, found[name])


def others(values, set types):
    """Returns the values, those within tuples too, that are of none of these very types."""
    cdef list found = []
    for value in values:
        if type(value) is tuple:
            found += others(<tuple>value, types)
        elif type(value) not in types:
            found.append(value)
    return found


cdef class Evaluator:
    """An evaluator holds a kind, its parameters, and the function that lowers them to segments at the first evaluation.

    A call with one int takes the short way to the kernel. Every other call goes to the subclass's `_evaluate`."""

    cdef vectorcall call
    cdef lrvec_table *ready  # the C table of `table`, once there is one; NULL for a table that C cannot read
    cdef readonly str kind
    cdef dict parameters
    cdef readonly object _lower
    cdef object table
    cdef object __weakref__

    def __cinit__(self, str kind, dict parameters, lower):
        self.call = call_evaluator
        self.ready = NULL
        self.kind = kind
        self.parameters = parameters
        self._lower = lower

    @property
    def _parameters(self):
        return self.parameters

    def _is_like(self, Evaluator other):
        """Tells whether another evaluator has the same kind and equal parameters."""
        return self.kind == other.kind and self.parameters == other.parameters

    @property
    def _table(self):
        """Returns the table, made now if there is none yet. Threads that meet here make one each, and the first one stays."""
        if PUBLISHED(self.ready) == NULL:
            self.settle()
        return self.table

    @property
    def _is_ready(self):
        """Tells whether there is a table already, and it is one of the kernels'."""
        return PUBLISHED(self.ready) != NULL

    cdef settle(self):
        table = None
        if self.table is None:
            table = self._tabulate()
        with cython.critical_section(self):
            if self.table is None:
                self.table = table
                if isinstance(table, Table):
                    PUBLISH(self.ready, &(<Table>table).table)

    def __call__(self, steps, *, out=None, dtype=None, workers=None):
        return self._evaluate(steps, out, dtype, workers)

    cdef answer(self, PyObject *const *arguments, Py_ssize_t count, PyObject *names):
        """Answers every call but that with one valid int, for which `call_evaluator` needs a table that is ready."""
        cdef Py_ssize_t i
        cdef object out = None, dtype = None, workers = None
        cdef bint known = count == 1
        if known and names == NULL:
            if self.ready == NULL and type(self) is _fast and PyLong_CheckExact(<object>arguments[0]):
                self.settle()
                if self.ready != NULL:
                    return call_evaluator(<PyObject *>self, arguments, 1, NULL)
            return self._evaluate(<object>arguments[0], None, None, None)
        keywords = () if names == NULL else <tuple>names
        for i, name in enumerate(keywords):
            if name == "out":
                out = <object>arguments[count + i]
            elif name == "dtype":
                dtype = <object>arguments[count + i]
            elif name == "workers":
                workers = <object>arguments[count + i]
            else:
                known = False
        if known:
            return self._evaluate(<object>arguments[0], out, dtype, workers)
        positional = tuple([<object>arguments[i] for i in range(count)])
        named = {name: <object>arguments[count + i] for i, name in enumerate(keywords)}
        return Evaluator.__call__(self, *positional, **named)  # it takes `steps` by its name, and refuses all else


cdef object _fast = None  # the class whose instances make their table when it is first asked for


cdef object call_evaluator(PyObject *callable, PyObject *const *arguments, size_t flags, PyObject *names):
    cdef lrvec_table *table = PUBLISHED((<Evaluator>callable).ready)
    cdef long long step
    cdef int overflow = 0
    if table != NULL and names == NULL and PyVectorcall_NARGS(flags) == 1 and PyLong_CheckExact(<object>arguments[0]):
        step = PyLong_AsLongLongAndOverflow(arguments[0], &overflow)
        if overflow == 0 and 0 <= step <= LRVEC_LAST_STEP:
            return PyFloat_FromDouble(VALUE_AGAIN(table, step, &(<Table>(<Evaluator>callable).table).last))
    return (<Evaluator>callable).answer(arguments, PyVectorcall_NARGS(flags), names)


def call_fast(type cls):
    """Lets calls of a subclass's instances go straight to `call_evaluator`, which types made in Python do not inherit."""
    global _fast
    _fast = cls
    cdef Evaluator probe = Evaluator.__new__(Evaluator, "", {}, None)
    cdef VectorcallType *slots = <VectorcallType *><PyObject *>cls
    slots.tp_vectorcall_offset = <char *>&probe.call - <char *><PyObject *>probe
    slots.tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL
    return cls
