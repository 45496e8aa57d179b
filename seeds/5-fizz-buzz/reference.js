function fizzBuzz(last) {
  const said = [];
  for (let number = 1; number <= last; number += 1) {
    said.push((number % 3 ? "" : "Fizz") + (number % 5 ? "" : "Buzz") || String(number));
  }
  return said;
}
