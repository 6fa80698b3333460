"""`python tests/run_wasm.py PROGRAM ARGUMENT...` runs a program of WebAssembly that asks a WASI for its output.

It ends with the program's exit status. `.ci/targets` runs the digests' driver by it.
"""

import sys

import wasmtime

engine = wasmtime.Engine()
linker = wasmtime.Linker(engine)
linker.define_wasi()
system = wasmtime.WasiConfig()
system.argv = sys.argv[1:]
system.inherit_stdout()
system.inherit_stderr()
store = wasmtime.Store(engine)
store.set_wasi(system)
program = linker.instantiate(store, wasmtime.Module.from_file(engine, sys.argv[1]))
try:
    program.exports(store)["_start"](store)
except wasmtime.ExitTrap as end:
    sys.exit(end.code)
