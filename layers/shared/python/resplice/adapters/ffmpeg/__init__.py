"""FFmpeg, run with least rights."""
