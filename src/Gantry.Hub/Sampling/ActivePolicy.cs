using Gantry.Estate.Sampling;
using Gantry.Hub.Estate;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Sampling;

/// <summary>A model that is in force at the hub, with the bytes that gateways get.</summary>
/// <param name="Since">Null where no policy was ever declared.</param>
/// <param name="Problem">Why it is not what the declared policies say; "" when it is.</param>
internal sealed record ActiveSampling(SamplingModel Model, byte[] Json, DateTimeOffset? Since, string Problem)
{
    /// <summary>The entity tag.</summary>
    public string Tag { get; } = $"\"{Model.Revision}\"";
}

/// <summary>
/// The sampling model in force: all policies composed, anew after each change. A stored policy that cannot be read must not change what gateways do by
/// being missing, so then the last model stays in force.
/// </summary>
internal sealed class ActivePolicy
{
    private readonly ResourceStore _store;
    private readonly HubDatabase _database;
    private readonly SamplingWaiters _waiters;
    private readonly TimeProvider _time;
    private readonly ILogger<ActivePolicy> _logger;
    private readonly Lock _composing = new();
    private volatile ActiveSampling _current;

    public ActivePolicy(ResourceStore store, HubDatabase database, SamplingWaiters waiters, TimeProvider time, ILogger<ActivePolicy> logger)
    {
        (_store, _database, _waiters, _time, _logger) = (store, database, waiters, time, logger);
        var last = RevisionTable.Newest(database);
        _current = Of(last?.Model ?? SamplingModel.KeepAll, last?.At, "");
        // First listen, then look: a change in between is composed twice, not missed.
        store.Changed += kind =>
        {
            if (kind == SamplingPolicyReader.Kind)
            {
                Compose();
            }
        };
        Compose();
    }

    public ActiveSampling Current => _current;

    private void Compose()
    {
        lock (_composing)
        {
            var before = _current;
            var resources = _store.OfKind(SamplingPolicyReader.Kind).ToList();
            if (resources.Find(resource => resource.Document is null) is { } broken)
            {
                _current = before with { Problem = $"{broken.Name} cannot be read ({broken.Problem}); what was in force before stays, until it is applied again or deleted" };
                return;
            }

            if (resources.Count == 0 && before.Since is null)
            {
                return;
            }

            var model = SamplingComposition.Compose(resources.Select(resource => (SamplingPolicy)resource.Document!.Model));
            if (model.Revision == before.Model.Revision)
            {
                _current = before with { Problem = "" };
                return;
            }

            var now = _time.GetUtcNow();
            Keep(model, now);
            _current = Of(model, now, "");
            Log.PolicyInForce(_logger, model.Revision, model.Rules.Count);
        }

        _waiters.WakeAll();
    }

    /// <summary>The policies are durable already, and make the same model again after a restart: a full disk does not keep it from the gateways.</summary>
    private void Keep(SamplingModel model, DateTimeOffset now)
    {
        try
        {
            RevisionTable.Add(_database, model, now);
        }
        catch (System.Data.Common.DbException exception)
        {
            Log.RevisionNotKept(_logger, model.Revision, exception.Message);
        }
    }

    private static ActiveSampling Of(SamplingModel model, DateTimeOffset? since, string problem) => new(model, SamplingModelJson.Write(model), since, problem);
}
