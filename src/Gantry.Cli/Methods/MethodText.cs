using Gantry.Estate.Methods;
using Gantry.Hub.Methods;

namespace Gantry.Cli.Methods;

/// <summary>Advice for a person.</summary>
internal static class MethodText
{
    public static void Write(TextWriter output, IReadOnlyList<MethodRow> rows, bool wide)
    {
        // Processes of one service are mostly alike.
        foreach (var (alike, index) in rows.GroupBy(Key).Select((alike, index) => (alike.ToList(), index)))
        {
            if (index > 0)
            {
                output.WriteLine();
            }

            Write(output, alike[0], alike.Count, wide);
        }
    }

    private static string Key(MethodRow row) => string.Join('\n', row.Rungs.SelectMany(rung => rung.Applicable.Select(choice => choice.Method).Concat(rung.Refused.Select(refusal => refusal.Message))).Prepend($"{row.Language} {row.Platform} {row.RuntimeVersion}"));

    private static void Write(TextWriter output, MethodRow row, int count, bool wide)
    {
        var language = MethodLanguages.Find(row.Language)?.Title ?? "unknown language";
        var of = row.Of.Length > 0 ? $"{Plain(row.Of)}{(count > 1 ? $" and {count - 1} like it" : "")}: " : "";
        output.WriteLine($"{of}{language}{(row.RuntimeVersion.Length > 0 ? " " + Plain(row.RuntimeVersion) : "")} on {MethodPlatforms.Find(row.Platform)?.Title ?? row.Platform}");
        foreach (var rung in row.Rungs)
        {
            output.WriteLine();
            output.WriteLine($"Rung {rung.Rung}, {rung.Name}");
            foreach (var (choice, index) in rung.Applicable.Select((choice, index) => (choice, index)))
            {
                Write(output, choice, index == 0 ? "recommended" : "or");
            }

            foreach (var refusal in rung.Refused)
            {
                output.WriteLine($"  not          {(refusal.Method.Length > 0 ? refusal.Method + ": " : "")}{Plain(refusal.Message)} [{refusal.Reason}]");
            }
        }

        List(output, "Otherwise", row.Otherwise.Select(choice => $"{choice.Method}: {choice.Does}"));
        List(output, "Impossible, or limited", row.Limits);
        if (wide)
        {
            List(output, $"Sources ({row.Confidence})", row.Sources);
        }
    }

    private static void Write(TextWriter output, MethodChoiceRow choice, string place)
    {
        output.WriteLine($"  {place,-12} {choice.Method}: {choice.Does}");
        output.WriteLine($"  {"why",-12} {choice.Why}");
        output.WriteLine($"  {"costs",-12} restart: {choice.Restart}; image: {(choice.Image ? "changes" : "stays")}; rights: {(choice.Privilege.Length > 0 ? choice.Privilege : "none")}");
        if (choice.Needs.Length > 0)
        {
            output.WriteLine($"  {"needs",-12} {choice.Needs}");
        }

        if (choice.Unchecked.Count > 0)
        {
            output.WriteLine($"  {"not checked",-12} {string.Join("; ", choice.Unchecked)}");
        }
    }

    private static void List(TextWriter output, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
        {
            output.WriteLine();
            output.WriteLine(title);
            all.ForEach(line => output.WriteLine($"  {Plain(line)}"));
        }
    }

    /// <summary>Names and versions come from processes.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '�' : c));
}
