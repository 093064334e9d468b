// Scaled vectors added to another one, with the sums of their squares: all that is read is read
// once, and the sums do not wait for each other.

template <int vectors>
void add_scaled(const double* factors, const double* const* from, double* to, long count,
                double* squares) {
  constexpr long chains = 4;
  // Copies, which writing to `to` cannot change.
  double factor[vectors];
  const double* first[vectors];
  for (int v = 0; v < vectors; ++v) {
    factor[v] = factors[v];
    first[v] = from[v];
  }
  Lanes sums[vectors][chains] = {};
  const auto add_lanes = [&](long at, long chain) {
    Lanes sum = load_unaligned(to + at);
    for (int v = 0; v < vectors; ++v) {
      const Lanes numbers = load_unaligned(first[v] + at);
      sums[v][chain] += numbers * numbers;
      sum += factor[v] * numbers;
    }
    store_unaligned(to + at, sum);
  };
  long e = 0;
  for (; e + chains * lanes <= count; e += chains * lanes) {
    for (long chain = 0; chain < chains; ++chain) {
      add_lanes(e + chain * lanes, chain);
    }
  }
  for (long chain = 0; e + lanes <= count; e += lanes) {
    add_lanes(e, chain++);
  }
  for (int v = 0; v < vectors; ++v) {
    const Lanes sum = (sums[v][0] + sums[v][1]) + (sums[v][2] + sums[v][3]);
    squares[v] = 0;
    for (long lane = 0; lane < lanes; ++lane) {
      squares[v] += sum[lane];
    }
    for (long rest = e; rest < count; ++rest) {
      const double number = first[v][rest];
      squares[v] += number * number;
      to[rest] += factor[v] * number;
    }
  }
}

/// Blocks of a few registers, which stay where they are while the vectors are gone through.
inline void combine(const double* factors, const double* const* from, long vectors, double* to,
                    long count) {
  constexpr long registers = 4;
  long e = 0;
  for (; e + registers * lanes <= count; e += registers * lanes) {
    Lanes sums[registers] = {};
    for (long v = 0; v < vectors; ++v) {
      const double* const x = from[v] + e;
      for (long r = 0; r < registers; ++r) {
        sums[r] += factors[v] * load_unaligned(x + r * lanes);
      }
    }
    for (long r = 0; r < registers; ++r) {
      store_unaligned(to + e + r * lanes, sums[r]);
    }
  }
  for (; e < count; ++e) {
    double sum = 0;
    for (long v = 0; v < vectors; ++v) {
      sum += factors[v] * from[v][e];
    }
    to[e] = sum;
  }
}
