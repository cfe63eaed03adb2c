using System.Collections.Concurrent;
using System.Data.Common;
using Gantry.Estate.Configurations;
using Gantry.Estate.Pipelines;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts.LastGood;

namespace Gantry.Hub.Compile;

/// <summary>A compiled cohort.</summary>
/// <param name="Made">Which resources it is made from, in which version each: as long as these are the same, so is the configuration.</param>
/// <param name="Problems">Why it is not what the estate says: pipelines left out, or, with <paramref name="IsLastGood"/>, the configuration from before.</param>
internal sealed record CompiledCohort(Cohort Cohort, CompiledConfig Config, IReadOnlyList<ResourceVersion> Made, IReadOnlyList<CompileProblem> Problems, bool IsLastGood);

internal sealed record ResourceVersion(string Resource, long Generation, long Version);

/// <summary>
/// Configurations by cohort: each is compiled once, however many agents ask, and again only when something that it is made from has changed. A cohort that
/// can no longer be compiled whole keeps the last one that was, also over a restart.
/// </summary>
/// <param name="lastGood">Whole configurations of cohorts from before this start; null: there are none.</param>
internal sealed class ConfigCache(LastGoodStore? lastGood = null)
{
    /// <summary>Cohorts kept; beyond it a configuration is made anew each time, which costs some microseconds for a small one.</summary>
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<string, Lazy<CompiledCohort>> _cohorts = new();
    private long _compilations;

    /// <summary>How often something was compiled.</summary>
    public long Compilations => Interlocked.Read(ref _compilations);

    public CompiledCohort Get(EstateIndex index, Cohort cohort)
    {
        while (true)
        {
            if (!_cohorts.TryGetValue(cohort.Name, out var kept))
            {
                if (_cohorts.Count >= Most)
                {
                    return Compile(index, cohort, Made(index, cohort), before: null);
                }

                var first = new Lazy<CompiledCohort>(() => Compile(index, cohort, Made(index, cohort), before: null));
                if (_cohorts.TryAdd(cohort.Name, first))
                {
                    return Value(cohort, first);
                }

                continue;
            }

            var before = Value(cohort, kept);
            if (ReferenceEquals(before.Cohort, cohort))
            {
                return before;
            }

            var made = Made(index, cohort);
            var next = before.Made.SequenceEqual(made)
                ? new Lazy<CompiledCohort>(before with { Cohort = cohort })
                : new Lazy<CompiledCohort>(() => Compile(index, cohort, made, before));
            if (_cohorts.TryUpdate(cohort.Name, next, kept))
            {
                return Value(cohort, next);
            }
        }
    }

    /// <summary>However many ask at once, one compiles. One that failed, for the database was away, is tried again by the next who asks.</summary>
    private CompiledCohort Value(Cohort cohort, Lazy<CompiledCohort> kept)
    {
        try
        {
            return kept.Value;
        }
        catch (DbException)
        {
            _cohorts.TryRemove(KeyValuePair.Create(cohort.Name, kept));
            throw;
        }
    }

    private static List<ResourceVersion> Made(EstateIndex index, Cohort cohort)
    {
        var destinations = cohort.Pipelines.SelectMany(pipeline => DestinationNames(pipeline.Contents)).Distinct().Order(StringComparer.Ordinal);
        var resources = cohort.Pipelines.Select(pipeline => index.Content.Find(pipeline.ResourceKind, pipeline.Name))
            .Concat(destinations.Select(name => index.Content.Find(DestinationReader.Kind, name)))
            .OfType<StoredResource>();
        return [.. resources.Select(resource => new ResourceVersion($"{resource.Kind.Plural}/{resource.Name}", resource.Generation, resource.Version))];
    }

    internal static IEnumerable<string> DestinationNames(PipelineContents contents) => contents switch
    {
        CollectorContents collector => collector.Config.Destinations.Select(node => node.Text[CollectorConfig.DestinationPrefix.Length..]),
        AlloyContents alloy => alloy.Uses.Destinations.Select(destination => destination.Name),
        _ => [],
    };

    private CompiledCohort Compile(EstateIndex index, Cohort cohort, IReadOnlyList<ResourceVersion> made, CompiledCohort? before)
    {
        Interlocked.Increment(ref _compilations);
        var outcome = ConfigCompiler.Compile(new CompileInput(cohort.Kind, cohort.Pipelines, index.Destination, cohort.Attributes, cohort.NewNames));
        if (outcome.Problems.Count == 0)
        {
            return new CompiledCohort(cohort, outcome.Config, made, [], IsLastGood: false);
        }

        // One that was not whole itself is no reason to keep other changes from the agents.
        var good = before is null ? lastGood?.WholeOf(cohort.Name) : before.IsLastGood || before.Problems.Count == 0 ? before.Config : null;
        return new CompiledCohort(cohort, good ?? outcome.Config, made, outcome.Problems, IsLastGood: good is not null);
    }
}
