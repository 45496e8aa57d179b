import unittest

from stack import Stack


class StackTest(unittest.TestCase):
    def test_a_new_stack_is_empty(self):
        self.assertEqual(len(Stack()), 0)

    def test_the_last_item_comes_first(self):
        stack = Stack()
        for item in ("plate", "cup", "bowl"):
            stack.push(item)
        self.assertEqual([stack.pop(), stack.pop(), stack.pop()], ["bowl", "cup", "plate"])

    def test_peek_leaves_the_item(self):
        stack = Stack()
        stack.push(7)
        self.assertEqual(stack.peek(), 7)
        self.assertEqual(len(stack), 1)

    def test_there_is_nothing_to_pop(self):
        with self.assertRaises(IndexError):
            Stack().pop()

    def test_there_is_nothing_to_peek_at(self):
        with self.assertRaises(IndexError):
            Stack().peek()

    def test_stacks_do_not_share_their_items(self):
        full, empty = Stack(), Stack()
        full.push(1)
        self.assertEqual(len(empty), 0)
