using System.Text;

namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// What must not stand in a file that the injector reads before the main function of every process of a host. Versions of it differ in
/// how they read quotes and backslashes, so there are none.
/// </summary>
public static class InjectorLint
{
    /// <summary>The injector reads lines into a buffer of 8192 bytes, with the line's end.</summary>
    public const int LongestLine = 8191;

    /// <summary>Its matcher goes back over the text for each star, so the third one costs the square of a long class path, in every process.</summary>
    public const int MostStars = 2;

    private static readonly string[] Lists = ["include_paths", "exclude_paths", "include_with_arguments", "exclude_with_arguments"];

    private static readonly string[] Scalars = ["all_auto_instrumentation_agents_env_path", "auto_instrumentation_disabled", "dotnet_auto_instrumentation_minimum_dotnet_major_version", .. InjectorRuntime.All.Select(runtime => runtime.PathKey)];

    /// <summary>Names of an identity: in a file that every process reads, they would give all services of the host the same one.</summary>
    private static readonly string[] Identity = ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"];

    /// <summary>What is wrong with a file of the configuration folder that we wrote.</summary>
    public static IReadOnlyList<InjectorProblem> Conf(HostFile file) => Lines(file, CheckConf);

    /// <summary>What is wrong with variables for every process. They are looked at before they are a text: a line's end in one would begin a line of its own.</summary>
    /// <param name="firstLine">Where the first of them will stand, in the order of their names.</param>
    public static IReadOnlyList<InjectorProblem> Environment(string path, int firstLine, IReadOnlyDictionary<string, string> variables)
    {
        var problems = new List<InjectorProblem>();
        foreach (var (name, value) in variables.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if ((CheckVariable(name, value) ?? LengthProblem($"{name}={value}")) is { } problem)
            {
                problems.Add(new InjectorProblem($"{path} line {firstLine}", Short($"{name}={value}"), problem));
            }

            firstLine++;
        }

        return problems;
    }

    /// <summary>What other files of the host say that ours cannot take back: lists only grow, so an include of theirs selects more, or less, than the plan.</summary>
    public static IReadOnlyList<InjectorProblem> Others(IReadOnlyList<HostFile> files)
    {
        var problems = new List<InjectorProblem>();
        foreach (var file in files)
        {
            foreach (var (number, key, value) in Read(file.Content))
            {
                if (key is "include_paths" or "include_with_arguments")
                {
                    problems.Add(new InjectorProblem($"{file.Path} line {number}", $"{key}={value}", "selects processes beside the plan, and no later file can take it back; remove the line, and say it in an Instrumentation resource"));
                }
            }
        }

        return problems;
    }

    /// <returns>Null: the text may stand as a pattern of a list.</returns>
    public static string? PatternProblem(string pattern) => pattern switch
    {
        "" => "is empty",
        _ when ValueProblem(pattern) is { } problem => problem,
        _ when pattern.Contains(',') => "has a comma, which separates patterns; use '*' for that character",
        _ when pattern.Contains('?') => "has a '?', which stands for any character there and for itself here; use '*'",
        _ when pattern.Count(c => c == '*') > MostStars => $"has more than {MostStars} '*': matching it would slow the start of every process; leave some out",
        _ => null,
    };

    /// <returns>Null: the text may stand behind '='.</returns>
    public static string? ValueProblem(string value) => value switch
    {
        _ when value.Any(char.IsControl) => "has a control character; remove it",
        _ when value.Contains('#') => "has a '#', behind which all is comment, wherever it stands; remove it",
        _ when value.AsSpan().IndexOfAny("\"'\\") >= 0 => "has a quote or backslash, which versions of the injector read differently; remove it",
        _ when value != value.Trim() => "begins or ends with a blank, which is cut off; remove it",
        _ => null,
    };

    private static string? LengthProblem(string line) =>
        Encoding.UTF8.GetByteCount(line) > LongestLine ? $"is longer than {LongestLine} bytes, so it would be left out; make it shorter" : null;

    private static string Short(string text) => text.Length > 200 ? text[..40] + "…" : text;

    private static List<InjectorProblem> Lines(HostFile file, Func<string, string, string?> check)
    {
        var problems = new List<InjectorProblem>();
        var number = 0;
        foreach (var line in file.Content.Split('\n'))
        {
            number++;
            var where = $"{file.Path} line {number}";
            if (LengthProblem(line) is { } length)
            {
                problems.Add(new InjectorProblem(where, Short(line), length));
            }

            // Our own first line is the only comment.
            if (line.Length == 0 || (number == 1 && line[0] == '#'))
            {
                continue;
            }

            var equals = line.IndexOf('=');
            if (equals <= 0)
            {
                problems.Add(new InjectorProblem(where, line, "is no key=value"));
            }
            else if (check(line[..equals], line[(equals + 1)..]) is { } problem)
            {
                problems.Add(new InjectorProblem(where, line, problem));
            }
        }

        if (!file.Content.EndsWith('\n'))
        {
            problems.Add(new InjectorProblem(file.Path, "", "does not end with a line's end"));
        }

        return problems;
    }

    private static string? CheckConf(string key, string value) =>
        Lists.Contains(key) ? PatternProblem(value)
        : !Scalars.Contains(key) ? $"is a key that the injector does not know; it knows {string.Join(", ", Lists.Concat(Scalars))}"
        : ValueProblem(value);

    private static string? CheckVariable(string key, string value) =>
        !key.StartsWith("OTEL_", StringComparison.Ordinal) ? "is left out by the injector, which takes variables that begin with OTEL_ only; set it in the unit"
        : Identity.Contains(key) ? "is an identity: every service of the host would get it, over its own; set service and namespace in a rule"
        : key.StartsWith("OTEL_INJECTOR_", StringComparison.Ordinal) ? "steers the injector, which has read that before it reads this file; set it in the unit"
        : key.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_') ? "is no name of a variable; use letters, digits and '_'"
        : ValueProblem(value);

    /// <summary>As the injector reads any file: '#' ends a line, blanks around key and value are cut.</summary>
    private static IEnumerable<(int Number, string Key, string Value)> Read(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var content = line.Split('#')[0].Trim();
            var equals = content.IndexOf('=');
            if (equals >= 0)
            {
                yield return (number, content[..equals].Trim(), content[(equals + 1)..].Trim());
            }
        }
    }
}
