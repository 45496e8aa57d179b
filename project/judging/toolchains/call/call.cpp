// Calls a function of the answer, and replies with its value: project/judging/call_harness.py describes both texts.
// The answer is included at the end, so that its macros do not change the harness.

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <iostream>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <unistd.h>
#include <utility>
#include <vector>

#pragma GCC push_options
#pragma GCC optimize("Os")  // for less time to compile

namespace call_harness {

constexpr int REPLY = 3;
constexpr std::size_t MAX_VALUE_BYTES = 64 * 1024, MAX_TYPES = 20, MAX_MESSAGE = 8192;
constexpr int MAX_NESTED_ARGUMENTS = 100, MAX_NESTED_VALUE = 90;

// The function cannot be called, or its value cannot be sent. The message is for the learner.
struct CallFailed {
    std::string message;
};

// The type of an argument is not that of the parameter.
struct Unsuitable {};

// A value of JSON.

struct Json {
    enum Kind { NOTHING, BOOLEAN, NUMBER, TEXT, ARRAY, OBJECT } kind = NOTHING;
    std::string text;               // of a number, its digits; of a boolean, its name
    std::vector<std::string> keys;  // of an object
    std::vector<Json> items;        // of an array, or of an object

    // The member of an object with this key; of a form such as {"$set": [1, 2]}, the content.
    const Json *member(std::string_view key) const {
        for (std::size_t i = 0; i < keys.size(); i++)
            if (keys[i] == key) return &items[i];
        return nullptr;
    }
};

class Reader {
public:
    explicit Reader(std::string text) : text(std::move(text)) {}

    Json value(int depth = 0) {
        if (depth > MAX_NESTED_ARGUMENTS) throw CallFailed{"The arguments are nested too deeply."};
        switch (next()) {
        case '{': return collection(Json::OBJECT, '}', depth);
        case '[': return collection(Json::ARRAY, ']', depth);
        case '"': return {Json::TEXT, string(), {}, {}};
        case 't': return word(Json::BOOLEAN, "true");
        case 'f': return word(Json::BOOLEAN, "false");
        case 'n': return word(Json::NOTHING, "null");
        default: return number();
        }
    }

private:
    const std::string text;
    std::size_t place = 0;

    Json collection(Json::Kind kind, char end, int depth) {
        Json json{kind, {}, {}, {}};
        for (place++; next() != end; skip(',')) {
            if (kind == Json::OBJECT) {
                json.keys.push_back(string());
                skip(':');
            }
            json.items.push_back(value(depth + 1));
        }
        place++;
        return json;
    }

    std::string string() {
        std::string read;
        for (next(), place++; text.at(place) != '"'; place++) {
            if (text[place] == '\\') append_escaped(read);
            else read += text[place];
        }
        place++;
        return read;
    }

    void append_escaped(std::string &read) {
        const char kind = text.at(++place);
        const std::size_t simple = std::string_view("bfnrt").find(kind);
        if (simple != std::string_view::npos) read += "\b\f\n\r\t"[simple];
        else if (kind != 'u') read += kind;
        else append_code_point(read);
    }

    void append_code_point(std::string &read) {
        unsigned code = hexadecimal();
        if (code >= 0xD800 && code < 0xDC00 && text.compare(place + 1, 2, "\\u") == 0) {
            place += 2;
            code = 0x10000 + ((code - 0xD800) << 10) + (hexadecimal() - 0xDC00);
        }
        const auto tail = [&](int shift) { read += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
        if (code < 0x80) read += static_cast<char>(code);
        else if (code < 0x800) read += static_cast<char>(0xC0 | (code >> 6)), tail(0);
        else if (code < 0x10000) read += static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0);
        else read += static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0);
    }

    // The number in the next four characters, the last of which is then the current one.
    unsigned hexadecimal() {
        unsigned code = 0;
        std::from_chars(text.data() + place + 1, text.data() + place + 5, code, 16);
        place += 4;
        return code;
    }

    Json number() {
        const std::size_t start = place;
        place = std::min(text.find_first_not_of("+-.eE0123456789", place), text.size());
        return {Json::NUMBER, text.substr(start, place - start), {}, {}};
    }

    Json word(Json::Kind kind, const std::string &name) {
        place += name.size();
        return {kind, name, {}, {}};
    }

    char next() {
        while (text.at(place) == ' ') place++;
        return text[place];
    }

    void skip(char separator) {
        if (next() == separator) place++;
    }
};

// The types of parameters and results.

template <class T> concept Text = std::is_same_v<T, std::string>;
template <class T> concept Optional = requires { requires std::is_same_v<T, std::optional<typename T::value_type>>; };
template <class T> concept MapLike = requires { typename T::key_type; typename T::mapped_type; };
template <class T> concept SetLike = requires { typename T::key_type; requires !MapLike<T>; };
template <class T> concept Sequence = !Text<T> && requires(T items, typename T::value_type item) { items.push_back(item); };
template <class T> concept TupleLike = requires { std::tuple_size<T>::value; };
template <class T> constexpr bool is_array = false;
template <class T, std::size_t N> constexpr bool is_array<std::array<T, N>> = true;
template <class T> constexpr bool is_unsupported = true;

// Conversion from JSON.

template <class T> T from_json(const Json &json);

template <class T> T real_from_json(const Json &json) {
    if (json.kind == Json::NUMBER) {
        T number{};
        const char *end = json.text.data() + json.text.size();
        if (std::from_chars(json.text.data(), end, number).ptr == end) return number;
    }
    const Json *form = json.member("$float");
    if (!form) throw Unsuitable();
    if (form->text == "nan") return std::numeric_limits<T>::quiet_NaN();
    return form->text == "inf" ? std::numeric_limits<T>::infinity() : -std::numeric_limits<T>::infinity();
}

template <class T> T whole_from_json(const Json &json) {
    if (json.kind != Json::NUMBER) throw Unsuitable();
    T number{};
    const char *end = json.text.data() + json.text.size();
    const auto found = std::from_chars(json.text.data(), end, number);
    if (found.ec == std::errc() && found.ptr == end) return number;
    const double real = real_from_json<double>(json);  // 5.0 and 1e3 are whole, too
    if (real != std::trunc(real) || std::abs(real) > 1e9 || !std::in_range<T>(static_cast<long long>(real))) throw Unsuitable();
    return static_cast<T>(real);
}

inline const Json &array_of(const Json &json) {
    const Json *set = json.kind == Json::OBJECT ? json.member("$set") : nullptr;
    if (!set && json.kind != Json::ARRAY) throw Unsuitable();
    return set ? *set : json;
}

template <class K> K key_from_json(const std::string &key) {
    return from_json<K>({Text<K> || std::is_same_v<K, char> ? Json::TEXT : Json::NUMBER, key, {}, {}});
}

template <class T, std::size_t... I> T tuple_from_json(const Json &json, std::index_sequence<I...>) {
    if (array_of(json).items.size() != sizeof...(I)) throw Unsuitable();
    return T{from_json<std::tuple_element_t<I, T>>(json.items[I])...};
}

template <class T> T from_json(const Json &json) {
    if constexpr (std::is_same_v<T, bool>) {
        if (json.kind != Json::BOOLEAN) throw Unsuitable();
        return json.text == "true";
    } else if constexpr (std::is_same_v<T, char>) {
        if (json.kind != Json::TEXT || json.text.size() != 1) throw Unsuitable();
        return json.text[0];
    } else if constexpr (std::is_integral_v<T>) {
        return whole_from_json<T>(json);
    } else if constexpr (std::is_floating_point_v<T>) {
        return real_from_json<T>(json);
    } else if constexpr (Text<T>) {
        if (json.kind != Json::TEXT) throw Unsuitable();
        return json.text;
    } else if constexpr (Optional<T>) {
        if (json.kind == Json::NOTHING) return std::nullopt;
        return from_json<typename T::value_type>(json);
    } else if constexpr (MapLike<T>) {
        if (json.kind != Json::OBJECT) throw Unsuitable();
        T made;
        for (std::size_t i = 0; i < json.keys.size(); i++)
            made.emplace(key_from_json<typename T::key_type>(json.keys[i]), from_json<typename T::mapped_type>(json.items[i]));
        return made;
    } else if constexpr (Sequence<T> || SetLike<T>) {
        T made;
        for (const Json &item : array_of(json).items) made.insert(made.end(), from_json<typename T::value_type>(item));
        return made;
    } else if constexpr (TupleLike<T>) {  // also pairs and arrays
        return tuple_from_json<T>(json, std::make_index_sequence<std::tuple_size_v<T>>());
    } else {
        static_assert(!is_unsupported<T>, "A function that is called has a parameter of a type that has no form in JSON.");
    }
}

// Conversion to JSON.

class Writer {
public:
    template <class T> std::string written(const T &value) {
        write(value, 0);
        check_length();
        return std::move(text);
    }

private:
    std::string text;

    void check_length() const {
        if (text.size() > MAX_VALUE_BYTES)
            throw CallFailed{"The value is longer than " + std::to_string(MAX_VALUE_BYTES) + " bytes as JSON."};
    }

    template <class T> void write(const T &value, int depth) {
        check_length();
        if (depth > MAX_NESTED_VALUE) throw CallFailed{"The value is nested too deeply."};
        if constexpr (std::is_same_v<T, std::nullopt_t> || std::is_same_v<T, std::nullptr_t>) text += "null";
        else if constexpr (std::is_same_v<T, bool>) text += value ? "true" : "false";
        else if constexpr (std::is_same_v<T, char>) write_text({&value, 1});
        else if constexpr (std::is_arithmetic_v<T>) write_number(value);
        else if constexpr (std::is_convertible_v<T, const char *>) value ? write_text(value) : void(text += "null");
        else if constexpr (std::is_convertible_v<T, std::string_view>) write_text(value);
        else if constexpr (Optional<T>) value ? write(*value, depth) : void(text += "null");
        else if constexpr (MapLike<T>) write_members(value, depth + 1);
        else if constexpr (SetLike<T>) text += "{\"$set\":", write_items(value, depth + 2), text += '}';
        else if constexpr (Sequence<T> || is_array<T>) write_items(value, depth + 1);
        else if constexpr (TupleLike<T>) write_tuple(value, depth + 1);
        else static_assert(!is_unsupported<T>, "A function that is called returns a type that has no form in JSON.");
    }

    template <class T> void write_number(T value) {
        if constexpr (std::is_floating_point_v<T>) {
            if (std::isnan(value)) return void(text += "{\"$float\":\"nan\"}");
            if (std::isinf(value)) return void(text += value < 0 ? "{\"$float\":\"-inf\"}" : "{\"$float\":\"inf\"}");
        }
        char digits[64];
        text.append(digits, std::to_chars(digits, std::end(digits), value).ptr);
    }

    template <class T> void write_items(const T &items, int depth) {
        text += '[';
        const char *separator = "";
        for (const auto &item : items) {
            text += separator;
            write<typename T::value_type>(item, depth);  // of vector<bool>, an item is no bool
            separator = ",";
        }
        text += ']';
    }

    template <class T> void write_tuple(const T &items, int depth) {
        text += '[';
        const char *separator = "";
        std::apply([&](const auto &...item) { ((text += separator, write(item, depth), separator = ","), ...); }, items);
        text += ']';
    }

    template <class T> void write_members(const T &members, int depth) {
        text += '{';
        const char *separator = "";
        for (const auto &[key, item] : members) {
            text += separator;
            write_key(key);
            text += ':';
            write(item, depth);
            separator = ",";
        }
        text += '}';
    }

    template <class K> void write_key(const K &key) {
        if constexpr (std::is_arithmetic_v<K> && !std::is_same_v<K, char>) {
            text += '"';
            write(key, 0);
            text += '"';
        } else {
            write(key, 0);
        }
    }

    void write_text(std::string_view value) {
        text += '"';
        for (std::size_t i = 0; i < value.size();) {
            const std::size_t size = size_of_character(value.substr(i));
            const char character = value[i];
            if (size == 0) text += "\uFFFD";  // a byte that is not part of any character
            else if (character == '"' || character == '\\') text += '\\', text += character;
            else if (static_cast<unsigned char>(character) < ' ') write_escaped(character);
            else text += value.substr(i, size);
            i += std::max<std::size_t>(size, 1);
            check_length();
        }
        text += '"';
    }

    void write_escaped(char character) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(character));
        text += escaped;
    }

    // The number of bytes of the character in UTF-8 that begins here; 0 if none does.
    static std::size_t size_of_character(std::string_view bytes) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < bytes.size() ? bytes[i] : 0); };
        const unsigned char first = byte(0), second = byte(1);
        if (first < 0x80) return 1;
        const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        for (std::size_t i = 1; i < size; i++)
            if ((byte(i) & 0xC0) != 0x80) return 0;
        const bool is_too_long = first < 0xC2 || (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
        const bool is_no_character = (first == 0xED && second >= 0xA0) || first > 0xF4 || (first == 0xF4 && second >= 0x90);
        return is_too_long || is_no_character ? 0 : size;
    }
};

// Functions.

// A function of the answer by its name: an entry of a list.
class Callable {
public:
    const char *const name;

    template <class R, class... P> Callable(const char *name, R (*function)(P...))
        : name(name), next(first), function(reinterpret_cast<void (*)()>(function)), caller(&call_as<R, P...>) {
        first = this;
    }

    // Calls the function with a name, and returns its value as JSON.
    static std::string call(std::string_view name, const std::vector<Json> &arguments) {
        const Callable *found = first;
        while (found->name != name) found = found->next;
        return found->caller(found->function, arguments);
    }

private:
    static inline const Callable *first = nullptr;
    const Callable *next;
    void (*function)();  // of the type that the caller knows
    std::string (*caller)(void (*)(), const std::vector<Json> &);

    template <class R, class... P> static std::string call_as(void (*function)(), const std::vector<Json> &arguments);
};

// What holds an argument during the call: a string for a `const char *`, and a vector for a span.
template <class P> struct Holder { using type = P; };
template <> struct Holder<const char *> { using type = std::string; };
template <> struct Holder<std::string_view> { using type = std::string; };
template <class T> struct Holder<std::span<T>> { using type = std::vector<std::remove_const_t<T>>; };
template <class P> using Held = typename Holder<std::remove_cvref_t<P>>::type;

template <class P> decltype(auto) passed(Held<P> &held) {
    if constexpr (std::is_same_v<std::remove_cvref_t<P>, const char *>) return held.c_str();
    else if constexpr (std::is_lvalue_reference_v<P>) return static_cast<Held<P> &>(held);
    else return static_cast<Held<P> &&>(held);
}

template <class P> Held<P> argument(const std::vector<Json> &arguments, std::size_t place) {
    try {
        return from_json<Held<P>>(arguments[place]);
    } catch (const Unsuitable &) {
        throw CallFailed{"The type of its parameter " + std::to_string(place + 1) + " is not that of the argument."};
    }
}

template <class R, class... P> std::string Callable::call_as(void (*given)(), const std::vector<Json> &arguments) {
    if (arguments.size() != sizeof...(P))
        throw CallFailed{"It has to accept this number of arguments: " + std::to_string(arguments.size()) + "."};
    const auto function = reinterpret_cast<R (*)(P...)>(given);
    std::size_t place = 0;
    std::tuple<Held<P>...> held{argument<P>(arguments, place++)...};  // in braces, in this order
    return std::apply(
        [&](Held<P> &...each) -> std::string {
            if constexpr (std::is_void_v<R>) return function(passed<P>(each)...), "null";
            else return Writer().written<std::remove_cvref_t<R>>(function(passed<P>(each)...));
        },
        held);
}

// Exceptions.

// The name of a type without that of its namespace; "string" for texts.
inline std::string readable_name(const std::type_info &type) {
    if (type == typeid(std::string) || type == typeid(const char *)) return "string";
    int status = 0;
    char *readable = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
    const std::string name = readable ? readable : type.name();
    std::free(readable);
    return name.find('<') == std::string::npos ? name.substr(name.rfind(':') + 1) : name;
}

// Adds the name of a class, and those of its base classes.
inline void add_names(const std::type_info &type, std::vector<std::string> &names) {
    if (names.size() == MAX_TYPES) return;
    names.push_back(readable_name(type));
    if (const auto *one = dynamic_cast<const abi::__si_class_type_info *>(&type)) add_names(*one->__base_type, names);
    if (const auto *more = dynamic_cast<const abi::__vmi_class_type_info *>(&type))
        for (unsigned i = 0; i < more->__base_count; i++) add_names(*more->__base_info[i].__base_type, names);
}

// The message of the exception that is being handled.
inline std::string message() {
    try {
        throw;
    } catch (const std::exception &error) {
        return error.what();
    } catch (const std::string &text) {
        return text;
    } catch (const char *text) {
        return text;
    } catch (int number) {
        return std::to_string(number);
    } catch (...) {
        return "";
    }
}

// The exception that is being handled, as JSON.
inline std::string raised() {
    std::vector<std::string> names;
    add_names(*abi::__cxa_current_exception_type(), names);
    const std::string text = message().substr(0, MAX_MESSAGE);
    std::cout.flush();
    std::cerr << names[0] << (text.empty() ? "" : ": ") << text << '\n';
    return "{\"types\":" + Writer().written(names) + ",\"message\":" + Writer().written(text) + "}";
}

// The call.

inline void send(std::string_view reply) {
    while (!reply.empty()) {
        const ssize_t count = write(REPLY, reply.data(), reply.size());
        if (count < 0) return std::perror("the value cannot be sent");
        reply.remove_prefix(count);
    }
}

inline Json request() {
    try {
        const Json read = Reader({std::istreambuf_iterator<char>(std::cin), {}}).value();
        if (read.member("function") && read.member("arguments")) return read;
    } catch (const std::out_of_range &) {
        // The text has no end.
    }
    throw CallFailed{"Your answer has read from standard input before the call."};
}

inline int run() {
    int status = 1;
    std::string reply, name;
    try {
        const Json request = call_harness::request();
        name = request.member("function")->text;
        reply = "{\"value\":" + Callable::call(name, request.member("arguments")->items) + "}";
        status = 0;
    } catch (const CallFailed &failure) {
        reply = "{\"failed\":" + Writer().written((name.empty() ? "" : "`" + name + "`: ") + failure.message) + "}";
    } catch (...) {
        reply = "{\"raised\":" + raised() + "}";
    }
    send(reply);
    return status;
}

}  // namespace call_harness

int main() { return call_harness::run(); }

#pragma GCC pop_options

#define main main_of_answer
#include "main.cpp"
#undef main

FUNCTIONS
