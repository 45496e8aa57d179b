"""A module of shared classes, of all kinds that authors use."""

SHAPES = '''
import abc, enum, functools, typing
from dataclasses import dataclass

class Error(Exception):
    def __init__(self, code, text="wrong"):
        super().__init__(text)
        self.code, self._text = code, text
    @property
    def shown(self): return f"{self.code}: {self._text}"
    level = 1
    def advice(self): return "none"
    def same(self, other): return self.code == other.code
    def __eq__(self, other): return isinstance(other, Error) and self.same(other)
    __hash__ = Exception.__hash__
class WorseError(Error): pass
@dataclass(frozen=True)
class FrozenError(Exception):
    code: int
class MissingFile(OSError):
    def __init__(self, *args):
        super().__init__(*args)
        self.kind = "missing"
class Counted(Exception):
    subclasses = []
    def __init_subclass__(cls): Counted.subclasses.append(cls)

class Shape:
    """A shape."""
    sides = 0
    known = []
    def __init_subclass__(cls): Shape.known.append(cls)
    def area(self): return 0
class Solid(abc.ABC):
    @abc.abstractmethod
    def volume(self): ...
class Colour(enum.Enum):
    RED = 1
    BLUE = 2
class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2
class Named(enum.Enum):
    def lower(self): return self.name.lower()

@dataclass
class Point:
    x: int
    y: int
@dataclass
class Line:
    start: Point
    end: Point
@dataclass(frozen=True)
class Key:
    name: str
@dataclass(order=True)
class Version:
    major: int
    minor: int
@dataclass(slots=True)
class Cell:
    value: int
    def doubled(self): return 2 * self.value
class Pair(typing.NamedTuple):
    left: int
    right: int
class Stack(list):
    def top(self): return self[-1]
@functools.total_ordering
class Money:
    def __init__(self, amount): self.amount = amount
    def __eq__(self, other): return isinstance(other, Money) and not self < other and not self > other
    def __lt__(self, other): return self.amount < other.amount
    def __gt__(self, other): return self.amount > other.amount
    def __hash__(self): return hash(self.amount)
class Range:
    def __init__(self, most): self.most = most
    def covers(self, other): return self.most == other.most
    def __eq__(self, other): return self.covers(other)
class Lazy:
    def __getattr__(self, name): raise AttributeError(f"Lazy has no {name}")
class Meta(type): pass
class Model(metaclass=Meta): pass
class Outer:
    class Inner: pass
def helper(): pass
'''
