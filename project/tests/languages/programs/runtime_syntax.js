// expect: runtime_error syntax_error
console.log("5";
