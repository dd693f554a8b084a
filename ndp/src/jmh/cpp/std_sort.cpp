// Sorts uniform 64-bit numbers with std::sort and prints how many milliseconds that took.
//
// Usage: std_sort N
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s N\n", argv[0]);
    return 2;
  }
  std::vector<std::int64_t> numbers(std::strtoull(argv[1], nullptr, 10));
  std::mt19937_64 random(1);
  for (auto& number : numbers) {
    number = static_cast<std::int64_t>(random());
  }
  const auto start = std::chrono::steady_clock::now();
  std::sort(numbers.begin(), numbers.end());
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (!std::is_sorted(numbers.begin(), numbers.end())) {
    return 1;
  }
  std::printf("%.3f\n", took.count());
  return 0;
}
