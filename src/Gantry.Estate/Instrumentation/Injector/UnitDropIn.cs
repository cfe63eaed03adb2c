using System.Text;

namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// A systemd drop-in that sets variables of one unit. Each assignment stands in double quotes, where systemd undoes backslashes and
/// percent specifiers (systemd.exec, Environment=; systemd.unit, specifiers), so both are doubled.
/// </summary>
public static class UnitDropIn
{
    private const int LongestLine = 8192;

    /// <param name="isPrivate">A value came out of a process's environment.</param>
    public static HostFile Write(string unit, IEnumerable<KeyValuePair<string, string>> variables, bool isPrivate, List<InjectorProblem> problems)
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

        return new HostFile(path, text.ToString(), isPrivate ? HostFile.Private : HostFile.Readable);
    }

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
}
