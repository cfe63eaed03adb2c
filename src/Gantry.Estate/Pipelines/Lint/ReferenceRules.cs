using System.Text.RegularExpressions;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines.Lint;

/// <summary>References that the agent resolves, <c>${env:NAME}</c> (confmap/README.md and expand.go of the collector): <c>$$</c> is one dollar, an open bracket stays as it is.</summary>
internal static partial class ReferenceRules
{
    private static readonly string[] Schemes = ["env", "file", "yaml", "http", "https"];

    public static void Check(Node? node, string path, ResourceProblems problems)
    {
        switch (node)
        {
            case MappingNode mapping:
                foreach (var (key, value) in mapping.Fields)
                {
                    Check(value, $"{path}.{key.Text}", problems);
                }

                break;
            case ListNode list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Check(list.Items[i], $"{path}[{i}]", problems);
                }

                break;
            case ScalarNode scalar when scalar.Text.Contains("${", StringComparison.Ordinal):
                Check(scalar, path, problems);
                break;
        }
    }

    private static void Check(ScalarNode scalar, string path, ResourceProblems problems)
    {
        var text = scalar.Text.Replace("$$", "  ", StringComparison.Ordinal);
        for (var at = text.IndexOf("${", StringComparison.Ordinal); at >= 0; at = text.IndexOf("${", at + 2, StringComparison.Ordinal))
        {
            var end = text.IndexOf('}', at);
            var nested = text.IndexOf("${", at + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                problems.Warn(scalar.Line, scalar.Column, path, "", "has ${ without }, which stays as it is; close it, or write $${ for the signs themselves");
                return;
            }

            // ${env:${X}} is resolved from the inside.
            if (nested < 0 || nested > end)
            {
                CheckOne(scalar, text[(at + 2)..end], path, problems);
            }
        }
    }

    private static void CheckOne(ScalarNode scalar, string reference, string path, ResourceProblems problems)
    {
        var scheme = reference.Split(':', 2) is [var given, _] && !given.Contains('}') ? given : "env";
        var name = reference.Split(':', 2) is [_, var rest] ? rest : reference;
        if (!Schemes.Contains(scheme))
        {
            problems.Warn(scalar.Line, scalar.Column, path, "", $"has a reference of the scheme {scheme}, which usual builds do not resolve; they have {string.Join(", ", Schemes)}");
        }
        else if (scheme == "env" && !EnvironmentName().IsMatch(name.Split(":-", 2)[0]))
        {
            problems.Refuse(scalar, path, "expected ${env:NAME} or ${env:NAME:-default}, with a name of letters, digits and '_' that begins with no digit");
        }
    }

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnvironmentName();
}
