namespace Gantry.Agent.Tests.Injector;

/// <summary>
/// What the injector's documentation says that it does, and nothing of our code: lines key=value, '#' ends one anywhere, lines of more than 8192 bytes
/// are left out, lists add up, scalars are replaced, globs of '*' and '?' cross '/', args begin behind the program's name.
/// </summary>
internal sealed class InjectorOracle
{
    private readonly Dictionary<string, List<string>> _lists = new() { ["include_paths"] = [], ["exclude_paths"] = [], ["include_with_arguments"] = [], ["exclude_with_arguments"] = [] };
    private readonly Dictionary<string, string> _scalars = [];

    public InjectorOracle(params IEnumerable<string> files)
    {
        foreach (var line in files.SelectMany(file => file.Split('\n')).Where(line => line.Length < 8192))
        {
            var text = line.Split('#')[0].Trim();
            var equals = text.IndexOf('=');
            if (equals < 0)
            {
                continue;
            }

            var (key, value) = (text[..equals].Trim(), text[(equals + 1)..].Trim());
            if (_lists.TryGetValue(key, out var list))
            {
                list.AddRange(value.Split(',').Select(item => item.Trim()).Where(item => item.Length > 0));
            }
            else
            {
                _scalars[key] = value;
            }
        }
    }

    public string Scalar(string key) => _scalars.GetValueOrDefault(key, "");

    /// <summary>A variable in the process's environment replaces a list.</summary>
    public InjectorOracle With(string key, string value)
    {
        _lists[key] = [.. value.Split(',')];
        return this;
    }

    public bool Selects(string executable, string[] argv)
    {
        var arguments = argv.Skip(1).ToList();
        return (_lists["include_paths"].Count == 0 || _lists["include_paths"].Any(pattern => Matches(pattern, executable)))
            && (_lists["include_with_arguments"].Count == 0 || arguments.Any(argument => _lists["include_with_arguments"].Any(pattern => Matches(pattern, argument))))
            && !_lists["exclude_paths"].Any(pattern => Matches(pattern, executable))
            && !arguments.Any(argument => _lists["exclude_with_arguments"].Any(pattern => Matches(pattern, argument)));
    }

    /// <summary>Selected, and its runtime is not disabled.</summary>
    public bool Instruments(string executable, string[] argv, string language)
    {
        var word = language == "java" ? "jvm" : language;
        var disabled = Scalar("auto_instrumentation_disabled").Split(',');
        return Selects(executable, argv) && !disabled.Contains(word) && !disabled.Contains("*");
    }

    private static bool Matches(string pattern, string text) =>
        pattern.Length == 0 ? text.Length == 0
        : pattern[0] == '*' ? Matches(pattern[1..], text) || (text.Length > 0 && Matches(pattern, text[1..]))
        : text.Length > 0 && (pattern[0] == '?' || pattern[0] == text[0]) && Matches(pattern[1..], text[1..]);
}
