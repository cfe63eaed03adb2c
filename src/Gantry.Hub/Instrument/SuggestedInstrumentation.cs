using System.Text;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Instrument;

/// <summary>An <c>Instrumentation</c> document for one process, to begin with: as narrow as what is known of it allows.</summary>
public static class SuggestedInstrumentation
{
    private static readonly string[] ScriptEndings = [".js", ".mjs", ".cjs", ".ts", ".dll", ".jar", ".py", ".php", ".rb"];

    /// <param name="service">"" for the process's own name, without the ending of a file.</param>
    public static string For(ProcessRow process, string service = "", string space = "")
    {
        var name = service.Length > 0 ? service : NameOf(process);
        var match = new StringBuilder();
        Condition(match, "language", process.Language);
        // The script tells processes of one interpreter apart; a native program has its path.
        Condition(match, process.Script.Length > 0 ? "script" : "executable", process.Script.Length > 0 ? process.Script : process.Executable);
        Condition(match, "unit", process.Unit.EndsWith(".service", StringComparison.Ordinal) ? process.Unit : "");
        return string.Join('\n', new[]
        {
            "apiVersion: gantry/v1",
            "kind: Instrumentation",
            $"metadata: {{name: {ResourceName(name)}}}",
            "spec:",
            $"  matchers: [collector.type=gantry, 'host.name={Quoted(process.HostName)}']",
            "  rules:",
            $"  - name: {ResourceName(name)}",
            "    action: allow",
            $"    match: {{{match}}}",
            $"    service: {name}",
            space.Length > 0 ? $"    namespace: {space}" : "",
        }.Where(line => line.Length > 0)) + "\n";
    }

    /// <summary>What its service would be called: its name without what files end with, of letters, digits and what names are made of.</summary>
    public static string NameOf(ProcessRow process)
    {
        var ending = Array.Find(ScriptEndings, ending => process.Name.EndsWith(ending, StringComparison.Ordinal)) ?? "";
        var name = string.Concat(process.Name[..^ending.Length].Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).Trim('-', '.', '_');
        return name.Length is > 0 and <= 60 ? name : "process";
    }

    private static string ResourceName(string name) => name.ToLowerInvariant().Replace('_', '-');

    private static void Condition(StringBuilder match, string field, string value)
    {
        if (value.Length > 0)
        {
            match.Append(match.Length > 0 ? ", " : "").Append(field).Append(": '").Append(Quoted(value)).Append('\'');
        }
    }

    private static string Quoted(string value) => string.Concat(value.Where(c => !char.IsControl(c))).Replace("'", "''", StringComparison.Ordinal);
}
