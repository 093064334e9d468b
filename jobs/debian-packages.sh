# shellcheck shell=bash
# The Debian 12 packages that qbsweep is built from, in this one place, and how the scripts get them.
# To be sourced.
# shellcheck disable=SC2034  # the lists are used by the scripts that source this

# What the program needs to be built and run.
program_packages=(
  g++ cmake ninja-build pkg-config git
  openmpi-bin libopenmpi-dev libpetsc-real-dev libslepc-real-dev libhdf5-openmpi-dev
  libopenblas-dev libeigen3-dev libyaml-cpp-dev libcli11-dev libfmt-dev nlohmann-json3-dev zlib1g-dev
)

# What plots/ needs.
plot_packages=(python3-numpy python3-scipy python3-matplotlib python3-xarray python3-h5netcdf python3-yaml)

# What the tests need besides.
test_packages=(
  libgtest-dev libgmock-dev libbenchmark-dev
  clang-format clang-tidy clang-tools shellcheck
  hdf5-tools python3-h5py python3-netcdf4
  "${plot_packages[@]}"
)

# What the tests of the Slurm job scripts need, which only root can run.
slurm_packages=(slurm-wlm munge)

# require_packages NAME...: installs those of the packages that are missing, as root or with a sudo that
# asks for no password. Who has neither gets the one line to hand to an administrator, and exit code 2.
# Where there is no dpkg, configuring has to find the libraries by itself.
require_packages() {
  command -v dpkg-query >/dev/null || return 0
  local package missing=() as_root=()
  for package in "$@"; do
    if [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      missing+=("$package")
    fi
  done
  ((${#missing[@]})) || return 0

  if ((EUID != 0)); then
    if ! sudo -n true 2>/dev/null; then
      {
        echo "${#missing[@]} Debian packages are missing. Please have an administrator run this line, then start again:"
        echo "apt-get update && apt-get install --no-install-recommends -y ${missing[*]}"
      } >&2
      exit 2
    fi
    as_root=(sudo -n)
  fi
  echo "== Installing ${#missing[@]} Debian packages"
  local apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  if ! "${apt_get[@]}" update ||
     ! "${apt_get[@]}" install --no-install-recommends -y "${missing[@]}" >/dev/null; then
    echo "Cannot install ${missing[*]}: see what apt-get said above." >&2
    exit 2
  fi
}
