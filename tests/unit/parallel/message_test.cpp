// Values as the bytes of a message.
//
// What would be caught: a value that comes out other than it went in, a message that is taken for
// one although some of its bytes are missing, too many or wrong, bytes that crash the reader or
// have it ask for more memory than a message can fill.
#include "qbsweep/parallel/message.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {

enum class Colour : std::int16_t { red = -1, green = 700 };

struct Part {
  std::string name;
  std::vector<double> numbers;
  bool whole = false;

  bool operator==(const Part&) const = default;
};

template <ConstOrNot<Part> T>
auto message_fields(T& part) {
  return std::tie(part.name, part.numbers, part.whole);
}

/// Everything that a message can hold.
struct Thing {
  std::int32_t number = 0;
  Colour colour = Colour::red;
  std::vector<Part> parts;
  std::vector<std::int64_t> points;
  std::optional<std::string> text;
  std::map<std::string, std::vector<double>> named;
  std::map<std::int64_t, Part> numbered;

  bool operator==(const Thing&) const = default;
};

template <ConstOrNot<Thing> T>
auto message_fields(T& thing) {
  return std::tie(thing.number, thing.colour, thing.parts, thing.points, thing.text, thing.named,
                  thing.numbered);
}

namespace {

constexpr int repeats = 3000;

std::string random_text(testing::Random& random) {
  std::string text(static_cast<std::size_t>(testing::uniform_int(random, 0, 20)), ' ');
  for (char& character : text) {
    character = static_cast<char>(testing::uniform_int(random, -128, 127));
  }
  return text;
}

template <typename T>
std::vector<T> random_numbers(testing::Random& random) {
  std::vector<T> numbers(static_cast<std::size_t>(testing::uniform_int(random, 0, 5)));
  for (T& number : numbers) {
    number = static_cast<T>(testing::uniform_int(random, -1000, 1000));
  }
  return numbers;
}

Part random_part(testing::Random& random) {
  return {random_text(random), random_numbers<double>(random),
          testing::uniform_int(random, 0, 1) == 1};
}

Thing random_thing(testing::Random& random) {
  Thing thing;
  thing.number = testing::uniform_int(random, -1000, 1000);
  thing.colour = testing::uniform_int(random, 0, 1) == 1 ? Colour::red : Colour::green;
  thing.points = random_numbers<std::int64_t>(random);
  if (testing::uniform_int(random, 0, 1) == 1) {
    thing.text = random_text(random);
  }
  for (int more = testing::uniform_int(random, 0, 3); more > 0; --more) {
    thing.parts.push_back(random_part(random));
    thing.named[random_text(random)] = random_numbers<double>(random);
    thing.numbered[testing::uniform_int(random, -9, 9)] = random_part(random);
  }
  return thing;
}

/// What comes out of `bytes` where a thing was expected; none where they are refused.
std::optional<Thing> read_thing(std::span<const std::byte> bytes) {
  Thing thing;
  try {
    from_bytes(bytes, thing);
  } catch (const EnvironmentError&) {
    return std::nullopt;
  }
  return thing;
}

TEST(Message, GivesBackWhatWasPut) {
  testing::Random random(11);
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const Thing thing = random_thing(random);
    EXPECT_EQ(read_thing(to_bytes(thing)), thing);
  }
}

TEST(Message, HoldsSeveralValues) {
  const Bytes bytes = to_bytes(std::string("a\0b", 3), 3.5, true);
  std::string text;
  double number = 0;
  bool truth = false;
  from_bytes(bytes, text, number, truth);
  EXPECT_EQ(text, std::string("a\0b", 3));
  EXPECT_EQ(number, 3.5);
  EXPECT_TRUE(truth);
}

TEST(Message, KeepsEveryBitOfANumber) {
  using Limits = std::numeric_limits<double>;
  const std::vector<double> numbers = {-0.0, Limits::denorm_min(), Limits::infinity(),
                                       std::nan("7"), -Limits::max()};
  std::vector<double> found;
  from_bytes(to_bytes(numbers), found);
  ASSERT_EQ(found.size(), numbers.size());
  EXPECT_EQ(std::memcmp(found.data(), numbers.data(), numbers.size() * sizeof(double)), 0);
}

TEST(Message, ReplacesWhatWasThere) {
  Thing old;
  testing::Random random(12);
  for (int repeat = 0; repeat < 100; ++repeat) {
    const Thing thing = random_thing(random);
    from_bytes(to_bytes(thing), old);
    EXPECT_EQ(old, thing);
  }
}

TEST(Message, IsRefusedWhereBytesAreMissingOrTooMany) {
  testing::Random random(13);
  for (int repeat = 0; repeat < 100; ++repeat) {
    Bytes bytes = to_bytes(random_thing(random));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(read_thing(std::span(bytes).first(size))) << size << " of " << bytes.size();
    }
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(read_thing(bytes));
  }
}

TEST(Message, IsRefusedWhereNoWriterCanHaveMadeIt) {
  const auto refuses = [](const Bytes& bytes, auto value) {
    EXPECT_THROW(from_bytes(bytes, value), EnvironmentError);
  };
  const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t size : {huge, huge / 8 + 1, std::uint64_t{1} << 40, std::uint64_t{2}}) {
    refuses(to_bytes(size), std::string());
    refuses(to_bytes(size), std::vector<double>());
    refuses(to_bytes(size), std::vector<std::string>());
    refuses(to_bytes(size), std::map<int, int>());
  }
  refuses(to_bytes(std::uint8_t{2}), true);
  refuses(to_bytes(std::uint8_t{2}, 1.0), std::optional<double>());
  const std::uint64_t two = 2;
  refuses(to_bytes(two, 5, 1.0, 5, 1.0), std::map<int, double>());
  refuses(to_bytes(two, 5, 1.0, 4, 1.0), std::map<int, double>());
}

/// Bytes are refused, or they are those of the thing that comes out.
void expect_refused_or_read(const Bytes& bytes) {
  if (const std::optional<Thing> thing = read_thing(bytes)) {
    EXPECT_EQ(to_bytes(*thing), bytes);
  }
}

TEST(Message, OfRandomBytesIsRefusedOrRead) {
  testing::Random random(14);
  for (int repeat = 0; repeat < repeats; ++repeat) {
    Bytes bytes(static_cast<std::size_t>(testing::uniform_int(random, 0, 200)));
    // Mostly zeros, so that sizes are small at times.
    const int most = repeat % 2 == 0 ? 255 : 1;
    for (std::byte& byte : bytes) {
      byte = static_cast<std::byte>(std::max(0, testing::uniform_int(random, -3 * most, most)));
    }
    expect_refused_or_read(bytes);
  }
}

TEST(Message, WithAWrongByteIsRefusedOrRead) {
  testing::Random random(15);
  for (int repeat = 0; repeat < repeats; ++repeat) {
    Bytes bytes = to_bytes(random_thing(random));
    const int last = static_cast<int>(bytes.size()) - 1;
    bytes[static_cast<std::size_t>(testing::uniform_int(random, 0, last))] =
        static_cast<std::byte>(testing::uniform_int(random, 0, 255));
    expect_refused_or_read(bytes);
  }
}

}  // namespace
}  // namespace qbsweep
