using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Instrumentation;

namespace Gantry.Agent.Instrument.Injector;

/// <summary>
/// Which plan failed at which unit, over restarts of the agent: the same plan is not tried twice. A line each: plan, unit ("*": all of it; "-": its rollout), reason. Another
/// plan forgets them.
/// </summary>
internal sealed class FailedPlans(string folder)
{
    public const string All = "*";

    /// <summary>In a unit's place: the rollout ended, so no further unit is restarted for this plan. Files stay.</summary>
    public const string Ended = "-";

    private readonly string _path = Path.Combine(folder, "injector-failed");

    public IReadOnlyDictionary<string, string> Of(string plan)
    {
        var failed = new Dictionary<string, string>();
        foreach (var line in File.Exists(_path) ? File.ReadLines(_path).Take(1000) : [])
        {
            if (line.Split('\t', 3) is [var key, var unit, var reason] && key == plan)
            {
                failed[unit] = reason;
            }
        }

        return failed;
    }

    public void Add(string plan, string unit, string reason)
    {
        var kept = Of(plan).Select(pair => $"{plan}\t{pair.Key}\t{pair.Value}").Append($"{plan}\t{unit}\t{reason.ReplaceLineEndings(" ").Replace('\t', ' ')}");
        Directory.CreateDirectory(folder);
        File.WriteAllLines(_path + ".new", kept);
        File.Move(_path + ".new", _path, overwrite: true);
    }

    /// <summary>The same for two plans that ask for the same.</summary>
    public static string KeyOf(InstrumentationPlan plan)
    {
        var text = new StringBuilder();
        foreach (var rule in plan.Rules)
        {
            var match = rule.Match;
            text.AppendJoin('\u0001', rule.Name, rule.Action, rule.Method, rule.Service, rule.Namespace).Append('\u0002');
            foreach (var list in new[] { match.Languages, match.Executables, match.Scripts, match.Units, match.Containers, match.Owners, match.Services, [.. match.Ports.Select(port => $"{port}")] })
            {
                text.AppendJoin('\u0001', list).Append('\u0002');
            }
        }

        foreach (var (name, value) in plan.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('\u0001').Append(value).Append('\u0002');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
