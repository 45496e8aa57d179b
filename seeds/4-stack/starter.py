class Stack:
    def push(self, item):
        pass

    def pop(self):
        pass

    def peek(self):
        pass
