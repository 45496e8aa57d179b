// Calls a function of the answer, and replies with its value: project/judging/call_harness.py describes both texts.
// The call is in an init function, since the answer may have a main function of its own.

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
)

const (
	callReply         = 3
	callMaxValueBytes = 64 * 1024
	callMaxDepth      = 90
	callMaxTypes      = 20
	callMaxMessage    = 8192
)

var callFunctions = map[string]any{
FUNCTIONS
}

func init() {
	var request struct {
		Function  string
		Arguments []any
	}
	decoder := json.NewDecoder(os.Stdin)
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		fmt.Fprintln(os.Stderr, "the arguments cannot be read:", err)
		os.Exit(1)
	}
	reply, status := callAndDescribe(request.Function, request.Arguments)
	encoded, _ := json.Marshal(reply)
	if _, err := os.NewFile(callReply, "reply").Write(encoded); err != nil {
		fmt.Fprintln(os.Stderr, "the value cannot be sent:", err)
		status = 1
	}
	os.Exit(status)
}

// callAndDescribe returns a reply and the exit status.
func callAndDescribe(name string, arguments []any) (reply map[string]any, status int) {
	status = 1
	function := reflect.ValueOf(callFunctions[name])
	parameters, err := callParameters(name, function.Type(), arguments)
	if err != nil {
		return map[string]any{"failed": err.Error()}, status
	}
	defer func() {
		if thrown := recover(); thrown != nil {
			fmt.Fprintf(os.Stderr, "panic: %v\n\n%s\n", thrown, callFrames(string(debug.Stack())))
			reply = map[string]any{"raised": callDescribePanic(thrown)}
		}
	}()
	var results []reflect.Value
	if function.Type().IsVariadic() { // its last argument is a list
		results = function.CallSlice(parameters)
	} else {
		results = function.Call(parameters)
	}
	last := len(results) - 1
	if last >= 0 && function.Type().Out(last) == reflect.TypeOf((*error)(nil)).Elem() {
		if failure, isFailed := results[last].Interface().(error); isFailed {
			fmt.Fprintf(os.Stderr, "error: %v\n", failure)
			return map[string]any{"raised": callDescribePanic(failure)}, status
		}
		results = results[:last]
	}
	writer := callWriter{}
	if err := writer.results(results); err != nil {
		return map[string]any{"failed": err.Error()}, status
	}
	return map[string]any{"value": json.RawMessage(writer.text.String())}, 0
}

// callFrames returns the part of a stack trace between the panic and the call.
func callFrames(stack string) string {
	_, stack, _ = strings.Cut(stack, "\npanic(")
	_, stack, _ = strings.Cut(stack, "panic.go")
	_, stack, _ = strings.Cut(stack, "\n")
	stack, _, _ = strings.Cut(stack, "\nreflect.Value.call(")
	return stack
}

// callDescribePanic returns the types of an error and of those that it wraps, and its message.
func callDescribePanic(thrown any) map[string]any {
	types := []string{}
	failure, isError := thrown.(error)
	if !isError {
		types = append(types, callTypeName(thrown))
	}
	for each := failure; each != nil && len(types) < callMaxTypes; each = errors.Unwrap(each) {
		types = append(types, callTypeName(each))
	}
	if isError {
		types = append(types, "error")
	}
	message := fmt.Sprint(thrown)
	if len(message) > callMaxMessage {
		message = message[:callMaxMessage]
	}
	return map[string]any{"types": types, "message": message}
}

// callTypeName returns the name of a type without its package.
func callTypeName(value any) string {
	name := fmt.Sprintf("%T", value)
	return strings.TrimPrefix(name[strings.LastIndex(name, ".")+1:], "*")
}

func callParameters(name string, function reflect.Type, arguments []any) ([]reflect.Value, error) {
	if function.NumIn() != len(arguments) {
		return nil, fmt.Errorf("`%s` has to accept this number of arguments: %d.", name, len(arguments))
	}
	parameters := []reflect.Value{}
	for place, argument := range arguments {
		kind := function.In(place)
		parameter := reflect.New(kind).Elem()
		if err := callConvert(argument, parameter); err != nil {
			return nil, fmt.Errorf("The type of parameter %d of `%s` is %s, which is not that of the argument.", place+1, name, kind)
		}
		parameters = append(parameters, parameter)
	}
	return parameters, nil
}

// callConvert assigns a value of JSON to a variable.
func callConvert(value any, variable reflect.Value) error {
	wrong := errors.New("another type")
	if value == nil {
		switch variable.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
			return nil
		}
		return wrong
	}
	switch variable.Kind() {
	case reflect.Pointer:
		variable.Set(reflect.New(variable.Type().Elem()))
		return callConvert(value, variable.Elem())
	case reflect.Interface:
		if variable.NumMethod() > 0 {
			return wrong
		}
		variable.Set(reflect.ValueOf(callNatural(value)))
	case reflect.Slice, reflect.Array:
		return callConvertItems(value, variable, wrong)
	case reflect.Map:
		return callConvertMap(value, variable, wrong)
	case reflect.Bool:
		truth, isBool := value.(bool)
		if !isBool {
			return wrong
		}
		variable.SetBool(truth)
	case reflect.String:
		text, isText := value.(string)
		if !isText {
			return wrong
		}
		variable.SetString(text)
	default:
		return callConvertNumber(value, variable, wrong)
	}
	return nil
}

func callConvertItems(value any, variable reflect.Value, wrong error) error {
	items, isList := value.([]any)
	if !isList {
		return wrong
	}
	if variable.Kind() == reflect.Slice {
		variable.Set(reflect.MakeSlice(variable.Type(), len(items), len(items)))
	} else if variable.Len() != len(items) {
		return wrong
	}
	for place, item := range items {
		if err := callConvert(item, variable.Index(place)); err != nil {
			return err
		}
	}
	return nil
}

func callConvertMap(value any, variable reflect.Value, wrong error) error {
	members, isMap := value.(map[string]any)
	if !isMap {
		return wrong
	}
	kind := variable.Type()
	variable.Set(reflect.MakeMap(kind))
	for name, member := range members {
		var given any = name
		if kind.Key().Kind() != reflect.String {
			given = json.Number(name)
		}
		key, item := reflect.New(kind.Key()).Elem(), reflect.New(kind.Elem()).Elem()
		if err := callConvert(given, key); err != nil {
			return err
		}
		if err := callConvert(member, item); err != nil {
			return err
		}
		variable.SetMapIndex(key, item)
	}
	return nil
}

func callConvertNumber(value any, variable reflect.Value, wrong error) error {
	if text, isText := value.(string); isText && variable.Kind() == reflect.Int32 && len([]rune(text)) == 1 {
		variable.SetInt(int64([]rune(text)[0])) // a rune
		return nil
	}
	number, isNumber := value.(json.Number)
	real, isReal := callReal(value)
	if !isReal {
		return wrong
	}
	switch {
	case variable.CanFloat():
		variable.SetFloat(real)
	case variable.CanInt() && isNumber:
		whole, err := strconv.ParseInt(number.String(), 10, variable.Type().Bits())
		if err != nil && real == math.Trunc(real) && math.Abs(real) < 1<<31 { // 5.0 and 1e3 are whole, too
			whole, err = int64(real), nil
		}
		if err != nil || variable.OverflowInt(whole) {
			return wrong
		}
		variable.SetInt(whole)
	case variable.CanUint() && isNumber:
		whole, err := strconv.ParseUint(number.String(), 10, variable.Type().Bits())
		if err != nil && real == math.Trunc(real) && real >= 0 && real < 1<<31 {
			whole, err = uint64(real), nil
		}
		if err != nil || variable.OverflowUint(whole) {
			return wrong
		}
		variable.SetUint(whole)
	default:
		return wrong
	}
	return nil
}

// callReal returns the value of a number, or of {"$float": "nan"} and the like.
func callReal(value any) (float64, bool) {
	if number, isNumber := value.(json.Number); isNumber {
		real, err := number.Float64()
		return real, err == nil
	}
	if form, isForm := value.(map[string]any); isForm && len(form) == 1 {
		if name, isText := form["$float"].(string); isText {
			real, err := strconv.ParseFloat(name, 64)
			return real, err == nil
		}
	}
	return 0, false
}

// callNatural returns a value for a parameter that takes anything.
func callNatural(value any) any {
	if number, isNumber := value.(json.Number); isNumber {
		if whole, err := strconv.Atoi(number.String()); err == nil {
			return whole
		}
	}
	if real, isReal := callReal(value); isReal {
		return real
	}
	switch given := value.(type) {
	case []any:
		made := make([]any, len(given))
		for place, item := range given {
			made[place] = callNatural(item)
		}
		return made
	case map[string]any:
		made := map[string]any{}
		for key, item := range given {
			made[key] = callNatural(item)
		}
		return made
	}
	return value
}

// callWriter writes values as JSON. encoding/json would write []byte in base64, and has no form for infinities.
type callWriter struct {
	text strings.Builder
}

func (writer *callWriter) results(results []reflect.Value) error {
	switch len(results) {
	case 0:
		writer.text.WriteString("null")
		return nil
	case 1:
		return writer.value(results[0], 0)
	}
	return writer.items(len(results), func(place int) reflect.Value { return results[place] }, 0)
}

func (writer *callWriter) value(value reflect.Value, depth int) error {
	if writer.text.Len() > callMaxValueBytes {
		return fmt.Errorf("The value is longer than %d bytes as JSON.", callMaxValueBytes)
	}
	if depth > callMaxDepth {
		return errors.New("The value is nested too deeply.")
	}
	switch value.Kind() {
	case reflect.Invalid:
		writer.text.WriteString("null")
	case reflect.Pointer, reflect.Interface:
		return writer.value(value.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		return writer.items(value.Len(), value.Index, depth)
	case reflect.Map:
		return writer.members(value, depth)
	case reflect.Bool:
		writer.text.WriteString(strconv.FormatBool(value.Bool()))
	case reflect.String:
		return writer.string(value.String())
	default:
		return writer.number(value)
	}
	return nil
}

func (writer *callWriter) items(count int, item func(int) reflect.Value, depth int) error {
	writer.text.WriteByte('[')
	for place := 0; place < count; place++ {
		if place > 0 {
			writer.text.WriteByte(',')
		}
		if err := writer.value(item(place), depth+1); err != nil {
			return err
		}
	}
	writer.text.WriteByte(']')
	return nil
}

func (writer *callWriter) members(members reflect.Value, depth int) error {
	keys := members.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return fmt.Sprint(keys[i]) < fmt.Sprint(keys[j]) })
	writer.text.WriteByte('{')
	for place, key := range keys {
		if place > 0 {
			writer.text.WriteByte(',')
		}
		if err := writer.string(fmt.Sprint(key)); err != nil {
			return err
		}
		writer.text.WriteByte(':')
		if err := writer.value(members.MapIndex(key), depth+1); err != nil {
			return err
		}
	}
	writer.text.WriteByte('}')
	return nil
}

func (writer *callWriter) string(text string) error {
	if len(text) > callMaxValueBytes {
		return fmt.Errorf("The value is longer than %d bytes as JSON.", callMaxValueBytes)
	}
	var encoded strings.Builder
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(text)
	writer.text.WriteString(strings.TrimSpace(encoded.String()))
	return err
}

func (writer *callWriter) number(value reflect.Value) error {
	switch {
	case value.CanInt():
		writer.text.WriteString(strconv.FormatInt(value.Int(), 10))
	case value.CanUint():
		writer.text.WriteString(strconv.FormatUint(value.Uint(), 10))
	case value.CanFloat() && (math.IsNaN(value.Float()) || math.IsInf(value.Float(), 0)):
		name := strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(value.Float(), 'g', -1, 64), "+"))
		writer.text.WriteString(`{"$float":"` + name + `"}`)
	case value.CanFloat():
		writer.text.WriteString(strconv.FormatFloat(value.Float(), 'g', -1, value.Type().Bits()))
	default:
		return fmt.Errorf("The value is no JSON value: it is of type %s.", value.Type())
	}
	return nil
}
