"""The systems of the course as learners: numpy, one file for each."""
