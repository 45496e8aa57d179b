// expect: runtime_error
console.log("5");
throw new TypeError("this is uncaught");
