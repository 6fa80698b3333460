"""These modules give the schedules of other libraries by their own names, as values of lrvec.

No module imports the library whose names it has.
"""
