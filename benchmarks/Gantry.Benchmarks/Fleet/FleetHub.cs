using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Hub;
using Gantry.Hub.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Benchmarks.Fleet;

/// <summary>The hub as a process of its own, with one difference from <c>gantry hub</c>: what agents should run is the line that it last read from stdin.</summary>
internal static class FleetHub
{
    public const string Verb = "fleet-hub";

    public static async Task<int> RunAsync(string port, string data)
    {
        var assignments = new LineAssignments();
        await using var hub = new HubServer(
            new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)), DataFolder = data },
            static logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(),
            TimeProvider.System,
            services => services.AddSingleton<IAssignments>(assignments));
        await hub.StartAsync();
        Console.WriteLine($"ready {hub.Address}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            assignments.Set(line);
            Console.WriteLine($"set {line}");
        }

        await hub.StopAsync();
        return 0;
    }

    /// <summary>Ten cohorts, by the first letter of the host's number, so that sharing and telling apart are both there.</summary>
    private sealed class LineAssignments : IAssignments
    {
        private const int Cohorts = 10;

        private volatile Assignment[] _assigned = Make("1");

        public event Action? Changed;

        public Assignment? Of(AgentFacts agent) => _assigned[agent.Name.Length == 0 ? 0 : agent.Name[^1] % Cohorts];

        public void Set(string revision)
        {
            _assigned = Make(revision);
            Changed?.Invoke();
        }

        private static Assignment[] Make(string revision) => [.. Enumerable.Range(0, Cohorts).Select(cohort =>
        {
            // As large as a usual collector's configuration.
            var body = Encoding.UTF8.GetBytes($"# cohort {cohort}, revision {revision}\n" + string.Concat(Enumerable.Range(0, 40).Select(line =>
                $"processors:\n  attributes/{line}:\n    actions:\n      - {{ key: team, value: t{line}, action: upsert }}\n")));
            return new Assignment($"cohort-{cohort}", long.Parse(revision, System.Globalization.CultureInfo.InvariantCulture),
                new CompiledConfig(Convert.ToHexStringLower(SHA256.HashData(body)), AgentKind.Collector, [new ConfigFile("", "text/yaml", body)], []));
        })];
    }
}
