// What is no archive is refused in one line that says why.
#include <gmock/gmock.h>
#include <hdf5.h>

#include <fstream>

#include "archive_example.hpp"

namespace qbsweep::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string refusal(const std::string& path) {
  return message_of<InputError>([&] { const ArchiveReader reader(path); });
}

class Refusals : public testing::Test {
 protected:
  std::string archive() {
    auto path = folder_.file("a.h5");
    create_archive(path, sweep_with(number_axis, 3));
    return path;
  }

  /// Opens the file with plain HDF5, to damage it.
  template <typename Action>
  static void change(const std::string& path, const Action& action) {
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    ASSERT_GE(file, 0);
    action(file);
    H5Fclose(file);
  }

  Folder folder_;
};

TEST_F(Refusals, Missing) {
  EXPECT_THAT(refusal(folder_.file("a.h5")), HasSubstr("a.h5 does not exist"));
  std::ofstream(folder_.file("plain")) << "x";
  EXPECT_THAT(refusal(folder_.file("plain/a.h5")), HasSubstr("does not exist"));
}

TEST_F(Refusals, NoFile) {
  EXPECT_THAT(refusal(folder_.file("")), HasSubstr("is a folder"));
  EXPECT_THAT(refusal("/dev/null"), HasSubstr("is no regular file"));
}

TEST_F(Refusals, NotHdf5) {
  const auto path = folder_.file("text.h5");
  std::ofstream(path) << "name: fig4\n";
  EXPECT_THAT(refusal(path), HasSubstr("text.h5 is not an HDF5 file"));
  std::ofstream(folder_.file("empty.h5")).close();
  EXPECT_THAT(refusal(folder_.file("empty.h5")), HasSubstr("is not an HDF5 file"));
}

TEST_F(Refusals, Truncated) {
  const auto path = archive();
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_THAT(refusal(path),
              AllOf(HasSubstr("a.h5 is a damaged HDF5 file"), HasSubstr("truncated file")));
}

TEST_F(Refusals, ForeignHdf5) {
  const auto path = folder_.file("foreign.h5");
  H5Fclose(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  EXPECT_THAT(refusal(path), HasSubstr("no archive of qbsweep: it has no attribute 'format'"));
}

TEST_F(Refusals, AnotherVersion) {
  const auto path = archive();
  // Not one of today's whose version was damaged: that has another checksum.
  change(path, [](hid_t file) { H5Adelete(file, "sweep_checksum"); });
  const auto set_version = [](std::int32_t number) {
    return [number](hid_t file) {
      const hid_t version = H5Aopen(file, "format_version", H5P_DEFAULT);
      H5Awrite(version, H5T_NATIVE_INT32, &number);
      H5Aclose(version);
    };
  };
  change(path, set_version(6));
  EXPECT_THAT(refusal(path), HasSubstr("format version 6 of a newer qbsweep, and this program "
                                       "reads versions 2 to 5"));
  // Of a sweep file that this version would read: the version is looked at first.
  change(path, set_version(1));
  EXPECT_THAT(refusal(path), HasSubstr("format version 1 of an older qbsweep, and this program "
                                       "reads versions 2 to 5: use that qbsweep, or run the sweep "
                                       "file again with another -o"));
}

TEST_F(Refusals, MissingDataset) {
  const auto path = archive();
  change(path, [](hid_t file) { H5Ldelete(file, "tau", H5P_DEFAULT); });
  EXPECT_THAT(refusal(path), AllOf(HasSubstr("a.h5 is damaged"), HasSubstr("dataset tau")));
}

TEST_F(Refusals, DatasetOfAnotherShapeOrType) {
  const auto path = archive();
  const auto replace_status = [](hsize_t size, hid_t type) {
    return [=](hid_t file) {
      H5Ldelete(file, "status", H5P_DEFAULT);
      const hid_t space = H5Screate_simple(1, &size, nullptr);
      H5Dclose(H5Dcreate2(file, "status", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
      H5Sclose(space);
    };
  };
  change(path, replace_status(3, H5T_STD_I8LE));
  EXPECT_THAT(refusal(path),
              HasSubstr("dataset status has the shape (3), but its sweep needs (4)"));
  change(path, replace_status(4, H5T_STD_I16LE));
  EXPECT_THAT(refusal(path), HasSubstr("dataset status has another type"));
}

TEST_F(Refusals, SweepFileThatMeansSomethingElse) {
  const auto path = archive();
  change(path, [](hid_t file) {
    const hid_t text = H5Aopen(file, "sweep_overrides", H5P_DEFAULT);
    const hid_t type = H5Aget_type(text);
    const char* const other = "[\"kappa=0.5\"]";
    H5Awrite(text, type, &other);
    H5Tclose(type);
    H5Aclose(text);
  });
  EXPECT_THAT(refusal(path), HasSubstr("is damaged: what it says of its sweep is not what it was "
                                       "made with"));
}

}  // namespace
}  // namespace qbsweep::test
