def mean(numbers):
    total = sum(numbers)
