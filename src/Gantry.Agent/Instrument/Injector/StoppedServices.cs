using Gantry.Agent.Apply;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument.Injector;

/// <summary>
/// Which services were instrumented by files, by their unit, or by their executable where they have none. Files act on the next start, so those of a service that is
/// stopped, or is just between two processes, must stay: else each restart would be one without instrumentation. They stay until its rule is gone, or it runs and is
/// wanted no longer. What runs beside it in its unit, in another language, says nothing of it. A line each in the agent's state folder, as an agent may start before the service
/// does: unit or path, language, method, rule.
/// </summary>
internal sealed class StoppedServices
{
    private const int Most = 10_000;

    private static readonly string[] Shared = [InjectorPaths.Conf, InjectorPaths.EnvironmentFile, InjectorPaths.SdkFile];

    private readonly string _path;
    private Dictionary<(string Service, string Language), (string Method, string Rule)> _services = [];

    public StoppedServices(string folder)
    {
        _path = Path.Combine(folder, "injector-services");
        foreach (var line in File.Exists(_path) ? File.ReadLines(_path).Take(Most) : [])
        {
            if (line.Split('\t', 4) is [var service, var language, var method, var rule])
            {
                _services[(service, language)] = (method, rule);
            }
        }
    }

    /// <param name="targets">What is instrumented now.</param>
    /// <param name="running">All that runs.</param>
    /// <param name="rendered">The files for what runs.</param>
    /// <param name="isFailed">Unit and method of what was taken back, and must not come again.</param>
    /// <returns>With those that stay for what is stopped, as they are.</returns>
    public IReadOnlyList<HostFile> Keep(InstrumentationPlan plan, IReadOnlyList<Target> targets, IReadOnlyList<ProcessFact> running, IReadOnlyList<HostFile> rendered, HostFiles files, Func<string, string, bool> isFailed)
    {
        var services = targets.GroupBy(target => Of(target.Process)).ToDictionary(group => group.Key, group => (group.First().Method, group.First().Rule.Name));
        var runs = running.Select(Of).ToHashSet();
        var rules = plan.Rules.Where(rule => rule.Action == RuleAction.Allow).Select(rule => rule.Name).ToHashSet();
        var stopped = _services.Where(item => !services.ContainsKey(item.Key) && !runs.Contains(item.Key) && rules.Contains(item.Value.Rule) && !isFailed(item.Key.Service, item.Value.Method)).ToList();
        foreach (var (service, how) in stopped)
        {
            services[service] = how;
        }

        Save(services);
        var paths = stopped.Where(item => item.Key.Service.EndsWith(".service", StringComparison.Ordinal)).Select(item => InjectorPaths.DropIn(item.Key.Service)).Distinct()
            .Concat(stopped.Exists(item => item.Value.Method == InjectorRenderer.InjectorMethod) ? Shared : []);
        return [.. rendered, .. paths.Where(path => !rendered.Any(file => file.Path == path)).Select(files.Current).OfType<HostFile>()];
    }

    private static (string Service, string Language) Of(ProcessFact process) => (process.Unit.EndsWith(".service", StringComparison.Ordinal) ? process.Unit : process.Executable, process.Language);

    private void Save(Dictionary<(string Service, string Language), (string Method, string Rule)> services)
    {
        if (services.Count == _services.Count && services.All(item => _services.TryGetValue(item.Key, out var before) && before == item.Value))
        {
            return;
        }

        _services = services;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.WriteAllLines(_path + ".new", services.Where(item => !item.Key.Service.Contains('\t') && !item.Key.Service.Contains('\n')).Select(item => $"{item.Key.Service}\t{item.Key.Language}\t{item.Value.Method}\t{item.Value.Rule}").Order(StringComparer.Ordinal));
        File.Move(_path + ".new", _path, overwrite: true);
    }
}
