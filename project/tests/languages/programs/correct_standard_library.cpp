// expect: accepted
#include <iostream>
#include <map>
#include <numeric>
#include <string>
#include <thread>
#include <vector>
int main() {
    std::ios::sync_with_stdio(false);
    std::vector<int> numbers;
    for (int number; std::cin >> number;) numbers.push_back(number);
    std::map<std::string, int> found;
    std::thread([&] { found["sum"] = std::accumulate(numbers.begin(), numbers.end(), 0); }).join();
    try {
        (void) numbers.at(2);
    } catch (const std::out_of_range &) {
        std::cout << found["sum"] << std::endl;
    }
}
