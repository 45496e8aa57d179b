import sys

for line in sys.stdin:
    number = int(line)
