#include <array>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>
#include <vector>
#define int long long
using namespace std;

int add(int a, int b) { return a + b; }
string greet(const string &name) { return "Hé \"" + name + "\"\n\x01"; }
map<string, vector<double>> table(map<string, vector<double>> given) { given["b"] = {0.1, 1e300, 5}; return given; }
vector<vector<int>> grid(int size) { return vector<vector<int>>(size, vector<int>(size, 1)); }
optional<int> maybe(optional<int> value) { return value; }
bool negated(bool value) { return !value; }
double divided(double a, double b) { return a / b; }
void printing(vector<int> &values) { cout << "{\"value\": 7}"; values.clear(); }
string long_text() { return string(70000, 'x'); }
int forever(int n) { volatile char frame[1000]; frame[0] = n; return forever(n + 1) + frame[0]; }
int leaving() { _exit(0); }

struct TooSmall : out_of_range { using out_of_range::out_of_range; };
int checked(int n) {
    if (n < 0) throw TooSmall("negative");
    if (n == 0) throw string("zero");
    return n;
}

set<int> with_one(set<int> values) { values.insert(1); return values; }
pair<string, char> pieces(string_view text, const char *more) { return {string(text) + more, text[0]}; }
tuple<bool, array<unsigned char, 2>> same(tuple<bool, array<unsigned char, 2>> value) { return value; }
vector<bool> flags(vector<bool> values) { values.push_back(true); return values; }
string no_text() { return "\xff\xc0\x80\xed\xa0\x80."; }
int largest() { return 9223372036854775807; }

void send(string text) { while (!text.empty()) text.erase(0, max<int>(0, write(3, text.data(), text.size()))); }
int forging(string reply) { send(reply); _exit(0); }
int replying_twice() { send("{\"value\": 5}"); return 5; }
int closing() { close(3); return 5; }
int flooding() { for (;;) send(string(10000, ' ')); }
int dividing() { if (fork() > 0) wait(nullptr); return 5; }
int hanging() { for (;;) pause(); }
int main() { return 3; }
