"""CUDA's driver is asked here for its GPUs, which takes no time and needs no other library."""

import ctypes
import sys

NO_GPU = "there is no GPU: CUDA's driver is missing, or finds no device"


def devices() -> int:
    """How many GPUs the driver finds; 0 where there is no driver."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return 0
    count = ctypes.c_int(0)
    found = driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0
    return count.value if found else 0
