#include "qbsweep/config/shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/reductions.hpp"

namespace qbsweep {
namespace {

/// What the cost of a point goes by, in numbers that are the same on every machine. They are small
/// because there are as many cards as points.
struct Card {
  std::int32_t kind = 0;
  float unknowns = 0;
  float t_max = 0;
  float g = 0;
  float damping = 0;
  std::int64_t index = 0;
};

/// The costliest first; of like ones the first on the grid.
bool is_dealt_before(const Card& a, const Card& b) {
  const auto cost = [](const Card& card) {
    return std::tie(card.kind, card.unknowns, card.t_max, card.g, card.damping);
  };
  return cost(a) != cost(b) ? cost(a) > cost(b) : a.index < b.index;
}

/// Batteries whose costs can be compared by size: the same symmetries make them smaller.
std::int32_t kind_of(const BatteryParameters& battery) {
  std::int32_t kind = 0;
  for (const bool costly : {!excitations_are_bounded(battery), battery.charger == Charger::coherent,
                            battery.initial_state == InitialState::ground_state,
                            has_local_noise(battery), battery.kappa > 0}) {
    kind = 2 * kind + (costly ? 1 : 0);
  }
  return kind;
}

Card card_of(const Sweep& sweep, std::int64_t index) {
  const SweepPoint point = sweep.point(index);
  const BatteryParameters& battery = point.battery;
  return {.kind = kind_of(battery),
          .unknowns = static_cast<float>(
              count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery))),
          .t_max = static_cast<float>(point.t_max),
          .g = static_cast<float>(battery.g),
          .damping = static_cast<float>(sum_of_rates(battery)),
          .index = index};
}

/// A number without sign or blanks that takes the whole text.
std::optional<std::int64_t> parse_count(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<Shard> parse_shard(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto number = parse_count(text.substr(0, slash));
  const auto count = parse_count(text.substr(slash + 1));
  if (!number || !count || *number < 1 || *number > *count) {
    return std::nullopt;
  }
  return Shard{*number, *count};
}

std::string shard_text(const Shard& shard) {
  return fmt::format("{}/{}", shard.number, shard.count);
}

std::string of_shard_text(const std::optional<Shard>& shard) {
  return shard ? " of shard " + shard_text(*shard) : "";
}

std::vector<bool> shard_points(const Sweep& sweep, const std::optional<Shard>& shard) {
  std::vector<bool> belongs(sweep.size(), !shard);
  if (!shard) {
    return belongs;
  }
  std::vector<Card> cards;
  cards.reserve(belongs.size());
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    cards.push_back(card_of(sweep, index));
  }
  std::sort(cards.begin(), cards.end(), is_dealt_before);
  const auto number = static_cast<std::size_t>(shard->number - 1);
  const auto count = static_cast<std::size_t>(shard->count);
  for (std::size_t dealt = 0; dealt < cards.size(); ++dealt) {
    const bool forth = dealt / count % 2 == 0;
    const std::size_t place = dealt % count;
    if ((forth ? place : count - 1 - place) == number) {
      belongs[cards[dealt].index] = true;
    }
  }
  return belongs;
}

}  // namespace qbsweep
