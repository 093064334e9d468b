#include "usage_error.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "qbsweep/support/choices.hpp"

namespace qbsweep {
namespace {

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* const option : command.get_options()) {
    if (option->nonpositional()) {
      names.push_back(option->get_name());
    }
  }
  return names;
}

/// "qbsweep run SWEEP.yaml [OPTIONS]"
std::string synopsis(const CLI::App& command, const std::string& program) {
  std::string text = program;
  if (command.get_name() != program) {
    text += " " + command.get_name();
  }
  for (const CLI::Option* const option : command.get_options()) {
    if (option->get_positional()) {
      text += fmt::format(" {}{}", option->get_name(true),
                          option->get_items_expected_max() > 1 ? " ..." : "");
    }
  }
  return text + " [OPTIONS]";
}

/// Of arguments that are too many; an option among them explains the others.
std::string unexpected(const CLI::App& app, const CLI::App& command) {
  std::vector<std::string> extras = app.remaining(true);
  if (extras.empty()) {
    extras = command.remaining();
  }
  const auto option = std::find_if(extras.begin(), extras.end(), [](const std::string& argument) {
    return argument.size() > 1 && argument.front() == '-';
  });
  if (option != extras.end()) {
    const std::string name = option->substr(0, option->find('='));
    if (command.get_option_no_throw(name) != nullptr) {
      return fmt::format("found {} before {}; accepted: {}", name, command.get_name(),
                         synopsis(command, app.get_name()));
    }
    return found_instead(name, option_names(command));
  }
  return fmt::format("found the extra argument{} {}; accepted: {}", extras.size() == 1 ? "" : "s",
                     fmt::join(extras, " "), synopsis(command, app.get_name()));
}

std::string missing(const CLI::App& command, const std::string& program) {
  for (const CLI::Option* const option : command.get_options()) {
    if (option->get_required() && option->count() == 0) {
      return fmt::format("found no {}; accepted: {}", option->get_name(true),
                         synopsis(command, program));
    }
  }
  return "found nothing; accepted: " + synopsis(command, program);
}

/// An option with too few or too many values. CLI11 tells its name at the begin of its message
/// only.
std::string wrong_count(const CLI::App& command, const std::string& message) {
  const std::string name = message.substr(0, message.find(':'));
  const CLI::Option* const option = command.get_option_no_throw(name);
  if (option == nullptr) {
    return message;
  }
  const std::size_t found = option->results().size();
  return found > 1 ? fmt::format("{}: found {} values; accepted: one", name, found)
                   : fmt::format("{}: found no value; accepted: one", name);
}

}  // namespace

std::string found_instead(const std::string& text, const std::vector<std::string>& choices) {
  return fmt::format("found {}; accepted: {}", text.empty() ? "nothing" : text,
                     choices_and_guess(text, choices));
}

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto parsed = app.get_subcommands();
  const CLI::App& command = parsed.empty() ? app : *parsed.front();
  const std::string& program = app.get_name();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return unexpected(app, command);
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return missing(command, program);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return wrong_count(command, error.what());
  }
  return error.what();
}

}  // namespace qbsweep
