using Gantry.Estate.Resources;

namespace Gantry.Cli.Explain;

/// <summary>Paths of settings as people write them: <c>processors.batch</c> for <c>processors.batch/edge</c> and all in it, <c>prometheus.scrape.apps</c> for <c>edge.default/prometheus.scrape.apps</c>.</summary>
internal static class SettingPath
{
    /// <summary>Between the instance of an Alloy pipeline's module and what is in it.</summary>
    private const string Module = ".default/";

    public static bool IsAt(string path, string asked) => Begins(path, asked) || Begins(Plain(path), asked);

    /// <summary>"; did you mean …?", or what there is.</summary>
    public static string Hint(IEnumerable<string> paths, string asked)
    {
        var plain = paths.Select(Plain).Distinct().ToList();
        if (NearWord.Of(asked, plain) is { } near)
        {
            return $"; did you mean {near}?";
        }

        // What is there at the longest beginning that is right.
        for (var begin = asked; begin.LastIndexOf('.') is > 0 and var dot;)
        {
            begin = begin[..dot];
            var below = plain.Where(path => path.StartsWith(begin + ".", StringComparison.Ordinal)).Select(path => path[(begin.Length + 1)..].Split('.', '[')[0]).Distinct().Order(StringComparer.Ordinal).ToList();
            if (below.Count > 0)
            {
                return $"; {begin} has {string.Join(", ", below.Take(20))}";
            }
        }

        return "; without --path all are listed";
    }

    private static bool Begins(string path, string asked) => path.StartsWith(asked, StringComparison.Ordinal) && (path.Length == asked.Length || path[asked.Length] is '.' or '/' or '[');

    /// <summary>Without the names of pipelines.</summary>
    private static string Plain(string path) => path.IndexOf(Module, StringComparison.Ordinal) is >= 0 and var module
        ? path[(module + Module.Length)..]
        : string.Join('.', path.Split('.').Select(part => part.Split('/') is [var name, .., var last] ? name + (last.IndexOf('[', StringComparison.Ordinal) is >= 0 and var item ? last[item..] : "") : part));
}
