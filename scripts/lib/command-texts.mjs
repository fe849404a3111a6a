/** The manual page, in roff, of a program made with commander. */
export function manPage(program, version) {
  const commands = program.commands.filter(({ _hidden }) => !_hidden);
  return [
    `.TH ALERTMANAGER-PROXY 1 "" "alertmanager-proxy ${version}"`,
    '.SH NAME',
    `alertmanager-proxy \\- ${escape(program.description())}`,
    '.SH SYNOPSIS',
    '.B alertmanager-proxy',
    '.I command',
    '[flags]',
    ...commands.flatMap(commandSection),
    '.SH FILES',
    '.I /etc/alertmanager-proxy/alertmanager-proxy.yml',
    '.br',
    '.I /usr/lib/alertmanager-proxy/docs/',
    '(all documents) ',
    '',
  ].join('\n');
}

function commandSection(command) {
  return [
    `.SH "${command.name().toUpperCase()}"`,
    escape(command.description()),
    ...command.options.flatMap((option) => ['.TP', `.B ${escape(option.flags)}`, escape(described(option))]),
  ];
}

function described({ description, defaultValue, defaultValueDescription }) {
  const value = defaultValueDescription ?? defaultValue;
  return value === undefined ? description : `${description} (default ${[value].flat().join(', ')})`;
}

// A line that begins with a dot or an apostrophe is a request to roff.
function escape(text) {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}

/** The completion of commands, flags and files for bash. */
export function bashCompletion(program) {
  const cases = program.commands.map(
    (command) => `    ${command.name()}) words="${flagsOf(command).join(' ')}" ;;`,
  );
  return `# bash completion for alertmanager-proxy
_alertmanager_proxy() {
  local words current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${program.commands.map((command) => command.name()).join(' ')} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -F _alertmanager_proxy alertmanager-proxy
`;
}

/** The same for zsh, with the descriptions. */
export function zshCompletion(program) {
  const cases = program.commands.map((command) => {
    const flags = command.options.map(
      ({ long, description }) => `'${long}[${description.replaceAll(/['[\]:]/g, '')}]'`,
    );
    return `    ${command.name()}) _arguments ${[...flags, "'*:file:_files'"].join(' ')} ;;`;
  });
  return `#compdef alertmanager-proxy
if (( CURRENT == 2 )); then
  _values command ${program.commands.map((command) => `'${command.name()}[${command.description().replaceAll(/['[\]]/g, '')}]'`).join(' ')}
else
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
fi
`;
}

function flagsOf(command) {
  return [...command.options.map(({ long }) => long), '--help'];
}
