using Gantry.Hub.Fleet.Configs;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet;

/// <summary>
/// What an agent should run and what became of it: wanted → offered → received → applied → in effect, each with its time. Hashes are those that agents
/// are told and echo.
/// </summary>
internal sealed class ConfigState
{
    private const int MostRejected = 8;

    /// <summary>What it should run; null: it is to be left alone.</summary>
    public ConfigOffer? Desired { get; private set; }

    public DateTimeOffset? DesiredAt { get; set; }

    /// <summary>Hash of what it was last offered; null when that may be lost and is to be offered again.</summary>
    public byte[]? Offered { get; set; }

    public DateTimeOffset? OfferedAt { get; set; }

    /// <summary>Offers of what is desired now.</summary>
    public int Attempts { get; set; }

    /// <summary>What it last reported.</summary>
    public byte[] LastHash { get; set; } = [];

    public RemoteConfigState Status { get; set; }

    public string Message { get; set; } = "";

    public DateTimeOffset? StatusAt { get; set; }

    /// <summary>When it first said that it has what is desired now.</summary>
    public DateTimeOffset? ReceivedAt { get; set; }

    public DateTimeOffset? AppliedAt { get; set; }

    /// <summary>Hash of the last that it applied: where a rollback goes to.</summary>
    public byte[] LastApplied { get; set; } = [];

    /// <summary>It went back to an older one by itself.</summary>
    public bool RolledBack { get; set; }

    /// <summary>What it failed with: never offered again by itself.</summary>
    public List<RejectedConfig> Rejected { get; } = [];

    /// <summary>What differs between desired and effective; null: not compared yet.</summary>
    public IReadOnlyList<string>? Differences { get; set; }

    public DateTimeOffset? InEffectAt { get; set; }

    /// <summary>Hash of what was desired when the state was kept, until it is known again what is.</summary>
    public byte[] RestoredDesired { get; set; } = [];

    public bool HasDesired => Desired is not null && LastHash.AsSpan().SequenceEqual(Desired.Hash);

    public bool IsRejected(byte[] hash) => Rejected.Exists(item => item.Hash.AsSpan().SequenceEqual(hash));

    /// <returns>Whether it is another than before.</returns>
    public bool Want(ConfigOffer? desired, DateTimeOffset now)
    {
        if (ReferenceEquals(desired, Desired))
        {
            return false;
        }

        var before = Desired?.Hash ?? RestoredDesired;
        Desired = desired;
        RestoredDesired = [];
        if (desired is null || before.AsSpan().SequenceEqual(desired.Hash))
        {
            // The same content by another revision, or as it was before a restart: nothing begins anew.
            return desired is null;
        }

        (DesiredAt, Attempts, OfferedAt, ReceivedAt, AppliedAt, InEffectAt, Differences, RolledBack) = (now, 0, null, null, null, null, null, false);
        if (HasDesired)
        {
            ReceivedAt = StatusAt;
            AppliedAt = Status == RemoteConfigState.Applied ? StatusAt : null;
        }

        return true;
    }

    public void Take(RemoteConfigStatus status, DateTimeOffset now)
    {
        var same = status.State == Status && status.LastHash.AsSpan().SequenceEqual(LastHash);
        if (!same)
        {
            FindRollback(status, now);
            StatusAt = now;
        }

        // One object for all agents of the cohort.
        var hash = Desired is not null && status.LastHash.AsSpan().SequenceEqual(Desired.Hash) ? Desired.Hash : status.LastHash;
        (LastHash, Status, Message) = (hash, status.State, TextPool.Shared.Get(Cut(status.ErrorMessage)));
        switch (status.State)
        {
            case RemoteConfigState.Failed:
                Reject(hash, Message, now);
                break;
            case RemoteConfigState.Applied:
                LastApplied = hash;
                break;
        }

        if (HasDesired)
        {
            RolledBack = false;
            ReceivedAt ??= now;
            AppliedAt = status.State == RemoteConfigState.Applied ? AppliedAt ?? now : null;
        }
    }

    public void Reject(byte[] hash, string message, DateTimeOffset at)
    {
        if (hash.Length == 0 || IsRejected(hash))
        {
            return;
        }

        if (Rejected.Count == MostRejected)
        {
            Rejected.RemoveAt(0);
        }

        Rejected.Add(new RejectedConfig(hash, message, at));
    }

    /// <summary>The specification has no word for it (opamp-spec issue 397): an agent that took up an offer and then says APPLIED of the one before has
    /// rolled back, whether or not it said FAILED in between. To offer it the same again would send it round for ever.</summary>
    private void FindRollback(RemoteConfigStatus status, DateTimeOffset now)
    {
        var wasTrying = Status is RemoteConfigState.Applying or RemoteConfigState.Failed && HasDesired;
        if (wasTrying && status.State == RemoteConfigState.Applied && status.LastHash.Length > 0 && !status.LastHash.AsSpan().SequenceEqual(Desired!.Hash))
        {
            RolledBack = true;
            Reject(Desired.Hash, status.ErrorMessage.Length > 0 ? Cut(status.ErrorMessage) : "the agent went back to the configuration before", now);
        }
    }

    private static string Cut(string text) => text.Length > 2_000 ? text[..2_000] : text;
}

internal sealed record RejectedConfig(byte[] Hash, string Message, DateTimeOffset At);
