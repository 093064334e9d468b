#include "root_attributes.hpp"

#include <fmt/format.h>
#include <mpi.h>
#include <petscversion.h>
#include <slepcversion.h>

#include <nlohmann/json.hpp>

#include "format.hpp"
#include "hdf5_handle.hpp"
#include "posix_file.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep_version.hpp"

namespace qbsweep::layout {

namespace {

using Text = std::optional<std::string>;

Text hdf5_version(const Origin& origin) {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  hdf5::checked(H5get_libversion(&major, &minor, &release), {"ask", "the version", origin.path});
  return fmt::format("{}.{}.{}", major, minor, release);
}

Text petsc_version(const Origin&) {
  return fmt::format("{}.{}.{}", PETSC_VERSION_MAJOR, PETSC_VERSION_MINOR, PETSC_VERSION_SUBMINOR);
}

Text slepc_version(const Origin&) {
  return fmt::format("{}.{}.{}", SLEPC_VERSION_MAJOR, SLEPC_VERSION_MINOR, SLEPC_VERSION_SUBMINOR);
}

Text mpi_version(const Origin&) {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  int length = 0;
  MPI_Get_library_version(text, &length);
  return one_line(text);
}

Text shard_of(const Origin& origin) {
  return origin.shard ? Text(shard_text(*origin.shard)) : std::nullopt;
}

constexpr const char* units_comment =
    "hbar = 1. omega is the unit in which the sweep file gives omega_0: energies and rates are in "
    "omega, times in 1/omega.";

constexpr const char* since_4 = "`format_version` 4 and later";

// clang-format off
const RootAttribute table[] = {
    {"Conventions", "the CF conventions of the attributes", [](const Origin&) -> Text { return "CF-1.8"; }},
    {format::name_attribute, "that it is an archive of this program", [](const Origin&) -> Text { return format::name; }},
    {format::version_attribute, "of the layout; this program makes 5, and reads and continues 2 to 5", [](const Origin&) { return format::version; }},
    {"sweep_name", "`name` of the sweep file", [](const Origin& origin) -> Text { return origin.sweep.name(); }},
    {"description", "`description` of the sweep file", [](const Origin& origin) -> Text { return origin.sweep.description(); }},
    {"units_comment", "what the units mean", [](const Origin&) -> Text { return units_comment; }},
    {"created", "time of creation (UTC)", [](const Origin&) -> Text { return utc_now(); }},
    {"program_version", "version of the program that made the archive", [](const Origin&) -> Text { return QBSWEEP_VERSION; }},
    {"git_revision", "its revision", [](const Origin&) -> Text { return QBSWEEP_GIT_REVISION; }},
    {"hdf5_version", "version of HDF5", hdf5_version},
    {"petsc_version", "version of PETSc", petsc_version},
    {"slepc_version", "version of SLEPc", slepc_version},
    {"mpi_version", "what the MPI library calls itself", mpi_version},
    {format::sweep_file_attribute, "the whole text of the sweep file", [](const Origin& origin) -> Text { return origin.sweep.text(); }},
    {format::sweep_overrides_attribute, "what `--set` changed, and what the CSV files of a schedule hold: a JSON list of `\"key=value\"`", [](const Origin& origin) -> Text { return nlohmann::json(origin.sweep.overrides()).dump(); }},
    {format::identity_attribute, "fingerprint of everything that a result depends on: not of the name, the description, `ranks_per_point`, comments, the order of keys, or what stands at its default", [](const Origin& origin) -> Text { return origin.sweep.identity_hash(); }},
    {format::shard_attribute, "which shard of its sweep the archive is for, as in `2/4`", shard_of, "archives of a shard"},
    {format::sweep_checksum_attribute, "CRC-32 of `format`, `format_version`, `sweep_file`, `sweep_overrides`, `sweep_meaning_hash` and `shard`", RootAttribute::Checksum{}, since_4},
    {format::metadata_checksum_attribute, "CRC-32 of the other attributes, and of type, shape, place in the file and attributes of every dataset, and the values of coordinates", RootAttribute::Checksum{}, since_4},
};
// clang-format on

}  // namespace

std::span<const RootAttribute> root_attributes() {
  return table;
}

}  // namespace qbsweep::layout
