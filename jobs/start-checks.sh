# shellcheck shell=bash
# What the scripts that start the program share. They look at it first, so that a failure has its reason in the log:
# `mpirun --quiet` says nothing of a program that cannot be run, and next to nothing of what it lacks itself. To be
# sourced.

# check_program PROGRAM: whether it can be run here, with its libraries. If not, says why and returns the exit code:
# 126 or 127 where it is missing, no program, or lacks a library, and something else where the machine fails.
check_program() {
  local said code=0
  said=$("$1" --version 2>&1) || code=$?
  # The loader ends with 127 for want of memory, too.
  [[ $said != *"failed to map segment"* && $said != *"annot allocate memory"* ]] || code=2
  ((code == 0)) || echo "$1 cannot be run on $(uname -n): ${said:-exit code $code}" >&2
  return "$code"
}

# check_input PROGRAM COMMAND...: whether PROGRAM accepts what COMMAND, which holds "PROGRAM run", asks of it. If not, the
# program says why; 1 is a refusal, 2 a failure of the machine.
check_input() {
  local program=$1
  shift
  while (($#)) && [[ $1 != "$program" ]]; do shift; done
  "$program" validate "${@:3}" >/dev/null
}

# explain_launcher PROGRAM COMMAND...: where the launcher, which is what comes before PROGRAM, cannot start anything here,
# lets it say why.
explain_launcher() {
  local program=$1 words=() said
  shift
  while (($#)) && [[ $1 != "$program" ]]; do
    [[ $1 == --quiet ]] || words+=("$1")
    shift
  done
  said=$(timeout 60 "${words[@]}" true 2>&1 </dev/null) && return
  echo "${words[0]} cannot start programs on $(uname -n):" >&2
  echo "$said" >&2
}

# ask_to_stop LAUNCHER: sends SIGUSR1 to this process, as soon as it has children to hand it to: before that mpirun would
# die of it.
ask_to_stop() {
  while [[ -d /proc/$1 && -z $(cat "/proc/$1/task/$1/children" 2>/dev/null) ]]; do
    sleep 0.1
  done
  kill -USR1 "$1" 2>/dev/null
}
