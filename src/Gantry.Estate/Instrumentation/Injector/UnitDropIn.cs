using System.Text;

namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// A systemd drop-in that sets variables of one unit. Each assignment stands in double quotes, where systemd undoes backslashes and
/// percent specifiers (systemd.exec, Environment=; systemd.unit, specifiers), so both are doubled.
/// </summary>
public static class UnitDropIn
{
    private const int LongestLine = 8192;

    private const string HadMark = "# had ";

    /// <param name="had">What the unit's process had in these variables before us. It stands there as a comment, as an environment that holds ours already does not tell it.</param>
    public static HostFile Write(string unit, IEnumerable<KeyValuePair<string, string>> variables, IReadOnlyDictionary<string, string> had, List<InjectorProblem> problems)
    {
        var path = InjectorPaths.DropIn(unit);
        if (UnitProblem(unit) is { } wrong)
        {
            problems.Add(new InjectorProblem("unit", unit, wrong));
        }

        var text = new StringBuilder("# Written by gantry-agent, by decision of the hub; 'gantry-agent rollback' takes it away.\n[Service]\n");
        var number = 2;
        foreach (var (name, value) in variables)
        {
            number++;
            var line = $"Environment=\"{name}={Escape(value)}\"";
            if (ValueProblem(name, value) is { } problem)
            {
                problems.Add(new InjectorProblem($"{path} line {number}", name, problem));
            }
            else if (Encoding.UTF8.GetByteCount(line) > LongestLine)
            {
                problems.Add(new InjectorProblem($"{path} line {number}", name, $"makes the line longer than {LongestLine} bytes; make its value shorter"));
            }

            text.Append(line).Append('\n');
        }

        foreach (var (name, value) in had.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append($"{HadMark}\"{name}={Escape(value)}\"\n");
        }

        // What came out of an environment may be a secret.
        return new HostFile(path, text.ToString(), had.Count > 0 ? HostFile.Private : HostFile.Readable);
    }

    /// <summary>What its process had before us, of a drop-in that was written here.</summary>
    public static IReadOnlyDictionary<string, string> Had(string text)
    {
        var had = new Dictionary<string, string>();
        foreach (var line in text.Split('\n').Where(line => line.StartsWith(HadMark + '"', StringComparison.Ordinal) && line.EndsWith('"')))
        {
            var assignment = Unescape(line[(HadMark.Length + 1)..^1]);
            if (assignment.IndexOf('=') is > 0 and var equals)
            {
                had[assignment[..equals]] = assignment[(equals + 1)..];
            }
        }

        return had;
    }

    /// <summary>Whether it sets a variable.</summary>
    public static bool Sets(string text, string name) => text.Contains($"\nEnvironment=\"{name}=", StringComparison.Ordinal);

    /// <returns>Null: it is the name of a service unit, and safe as the name of a folder.</returns>
    public static string? UnitProblem(string unit) =>
        !unit.EndsWith(".service", StringComparison.Ordinal) || unit.Length is <= 8 or > 255 ? "is no service unit, and only those have a drop-in for an environment"
        : unit.Any(c => !char.IsAsciiLetterOrDigit(c) && !":-_.\\@".Contains(c)) || unit.StartsWith('.') ? "is no name that systemd allows"
        : null;

    private static string? ValueProblem(string name, string value) =>
        name.Length == 0 || char.IsAsciiDigit(name[0]) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_') ? "is no name of a variable; use letters, digits and '_'"
        : value.Any(char.IsControl) ? "has a control character in its value; remove it"
        : null;

    private static string Escape(string value) => value.Replace("\\", @"\\").Replace("\"", "\\\"").Replace("%", "%%");

    private static string Unescape(string text)
    {
        var value = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            // Each of these is followed by what it stands for.
            i += text[i] is '\\' or '%' && i + 1 < text.Length ? 1 : 0;
            value.Append(text[i]);
        }

        return value.ToString();
    }
}
