using System.Globalization;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Coverage.Changes;

/// <summary>One look at the estate: what is another than what was recorded. Nothing that is followed is touched before <see cref="Commit"/>, but what is pending.</summary>
internal sealed class ChangeLook(Dictionary<(string Subject, string Id), Followed> followed, DateTimeOffset now, int most)
{
    private const string EstateSubject = "estate";

    /// <summary>More documents of a kind that one change brought are one line.</summary>
    private const int MostDocuments = 10;

    private readonly List<ChangeRow> _changes = [];
    private readonly List<(Followed Subject, string Kind, string Value, DateTimeOffset? Step)> _values = [];
    private readonly HashSet<Followed> _gone = [];
    private readonly HashSet<(string, string)> _seen = [];

    public IReadOnlyList<ChangeRow> Changes => _changes;

    /// <summary>Whose values are to be written.</summary>
    public HashSet<Followed> Dirty { get; } = [];

    public IReadOnlyCollection<Followed> Gone => _gone;

    public void See(EstateSnapshot snapshot)
    {
        foreach (var row in snapshot.Services.Where(row => !row.Dark || row.Declared.Length > 0))
        {
            if (Follow("service", row.Id, row.Name, row.OtherIds) is { } subject)
            {
                subject.Hosts = row.Processes.Count > 0 ? [.. row.Processes.Select(process => process.HostId).Distinct()] : subject.Hosts;
                Rung(subject, row.Rung, row.Evidence);
                Hold(subject, ChangeKinds.Version, row.VersionText, ChangeWatch.Hold);
                Hold(subject, ChangeKinds.Instances, row.Instances.ToString(CultureInfo.InvariantCulture), ChangeWatch.Hold);
                Hold(subject, ChangeKinds.Instrumentation, InstrumentationOf(row), ChangeWatch.Hold);
            }
        }

        var revisions = snapshot.Agents.Where(agent => agent is { Connected: true, Revision: > 0, DesiredHash.Length: > 0 } && agent.ReportedHash == agent.DesiredHash).ToLookup(agent => agent.HostId);
        foreach (var row in snapshot.Hosts)
        {
            if (Follow("host", row.Id, row.Name, []) is { } subject)
            {
                Rung(subject, row.Rung, row.Evidence);
                Hold(subject, ChangeKinds.Configuration, string.Join(", ", revisions[row.Id].Select(agent => $"{agent.Kind} revision {agent.Revision}").Order(StringComparer.Ordinal)), TimeSpan.Zero);
            }
        }

        if (Follow(EstateSubject, "", "", []) is { } all)
        {
            Hold(all, ChangeKinds.Sampling, snapshot.Sampling.Revision, TimeSpan.Zero);
        }
    }

    /// <summary>Documents that were applied or deleted since the last look, by their revisions.</summary>
    public void SeeDeclared(ResourceStore store)
    {
        if (Follow(EstateSubject, "", "", []) is not { } all)
        {
            return;
        }

        var version = store.Content.Version;
        var isKnown = long.TryParse(all.Values.GetValueOrDefault(ChangeKinds.Resource), CultureInfo.InvariantCulture, out var last);
        if (isKnown && version <= last)
        {
            return;
        }

        foreach (var group in isKnown ? ResourceKinds.All.SelectMany(kind => store.Revisions(kind)).Where(revision => revision.Version > last && revision.Version <= version).OrderBy(revision => revision.Version).GroupBy(revision => (revision.Kind, revision.Source, revision.At)) : [])
        {
            if (group.Count() > MostDocuments)
            {
                var text = $"{group.Count()} documents of kind {group.Key.Kind} changed by {group.Key.Source}";
                _changes.Add(new ChangeRow(0, group.Key.At, ChangeKinds.Resource, EstateSubject, "", group.Key.Kind, "", $"{group.Count()}", text));
                continue;
            }

            _changes.AddRange(group.Select(revision => new ChangeRow(
                0, revision.At, ChangeKinds.Resource, EstateSubject, "", $"{revision.Kind} {revision.Name}",
                revision.Operation == "insert" ? "" : $"{(revision.Operation == "delete" ? revision.Generation : revision.Generation - 1)}",
                revision.Operation == "delete" ? "" : $"{revision.Generation}",
                $"{revision.Kind} {revision.Name} {revision.Operation switch { "insert" => "created", "delete" => "deleted", _ => "changed" }} by {revision.Source}")));
        }

        Set(all, ChangeKinds.Resource, version.ToString(CultureInfo.InvariantCulture), step: null);
    }

    /// <summary>What was followed and has no row any more.</summary>
    public void FindGone()
    {
        foreach (var subject in followed.Values.Where(subject => !_gone.Contains(subject) && !_seen.Contains((subject.Subject, subject.Id))))
        {
            if (subject.Rung is null)
            {
                // It was gone before it was settled: nobody was told that it came.
                _gone.Add(subject);
            }
            else if (subject.Rung is { } rung && subject.Settled(ChangeKinds.Rung, "", ChangeWatch.Hold, now) is { } since)
            {
                _changes.Add(Row(subject, ChangeKinds.Rung, since, $"{rung}", "", "not seen for a day: it is forgotten"));
                _gone.Add(subject);
            }
        }
    }

    /// <summary>What is to be written: each with the values that it will have.</summary>
    public IEnumerable<Followed> Written()
    {
        var bySubject = _values.ToLookup(item => item.Subject);
        return Dirty.Select(subject =>
        {
            var values = new Dictionary<string, string>(subject.Values);
            foreach (var (_, kind, value, _) in bySubject[subject])
            {
                values[kind] = value;
            }

            return new Followed(subject.Subject, subject.Id, subject.Name, values);
        });
    }

    /// <summary>It is in the database: now it is known.</summary>
    public void Commit()
    {
        foreach (var (subject, kind, value, step) in _values)
        {
            if (step is { } at)
            {
                subject.Steps.RemoveAll(old => now - old.At > Regressions.Memory);
                subject.Steps.Add(new RungStep(at, subject.Rung ?? -1, int.Parse(value, CultureInfo.InvariantCulture)));
            }

            subject.Values[kind] = value;
            subject.Commit(kind, now);
        }

        foreach (var subject in _gone)
        {
            followed.Remove((subject.Subject, subject.Id));
        }
    }

    public static RungStep StepOf(ChangeRow change) => new(change.At, Number(change.From), Number(change.To));

    private static int Number(string word) => int.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>What is known of it; of a row that was another before, what was known of that one.</summary>
    private Followed? Follow(string subject, string id, string name, IReadOnlyList<string> otherIds)
    {
        _seen.Add((subject, id));
        var others = otherIds.Count == 0 ? [] : otherIds.Select(other => followed.GetValueOrDefault((subject, other))).OfType<Followed>().ToList();
        _gone.UnionWith(others);
        if (followed.TryGetValue((subject, id), out var known))
        {
            known.Name = name;
            return known;
        }

        if (followed.Count >= most)
        {
            return null;
        }

        var before = others.MaxBy(other => other.Rung ?? -1);
        var fresh = new Followed(subject, id, name, before is null ? [] : new Dictionary<string, string>(before.Values));
        if (before is not null)
        {
            fresh.Steps.AddRange(before.Steps);
            fresh.Hosts = before.Hosts;
            Dirty.Add(fresh);
        }

        followed.Add((subject, id), fresh);
        return fresh;
    }

    private void Rung(Followed subject, int rung, IReadOnlyList<EvidenceRow> evidence)
    {
        var value = rung.ToString(CultureInfo.InvariantCulture);
        if (subject.Settled(ChangeKinds.Rung, value, subject.HoldOf(ChangeKinds.Rung, ChangeWatch.Hold, now), now) is not { } since)
        {
            return;
        }

        var before = subject.Rung;
        var text = before switch
        {
            null => $"first seen, on rung {rung}",
            _ when before > rung && Lost(evidence, rung, before.Value) is { } lost => $"rung {before} to {rung}: {lost.Title.ToLowerInvariant()} {Age(lost)}",
            _ => $"rung {before} to {rung}",
        };
        _changes.Add(Row(subject, ChangeKinds.Rung, since, before is null ? "" : $"{before}", value, text));
        Set(subject, ChangeKinds.Rung, value, since);
    }

    private static EvidenceRow? Lost(IReadOnlyList<EvidenceRow> evidence, int now, int before) =>
        evidence.Where(item => item.State != "fresh" && item.Rung > now && item.Rung <= before).OrderBy(item => item.Rung).FirstOrDefault();

    private string Age(EvidenceRow lost) => lost.LastSeen is { } at ? $"not seen for {(int)(now - at).TotalMinutes} min" : "not seen";

    /// <summary>A value that is not known ("") says nothing: what sends nothing has no version, and has not changed it.</summary>
    private void Hold(Followed subject, string kind, string value, TimeSpan hold)
    {
        if (value.Length == 0)
        {
            return;
        }

        // It has only just come, and its parts come one after the other.
        if (!subject.Values.ContainsKey(ChangeKinds.Rung) && subject.Subject != EstateSubject)
        {
            subject.Values[kind] = value;
            return;
        }

        if (subject.Settled(kind, value, subject.HoldOf(kind, hold, now), now) is not { } since)
        {
            return;
        }

        var before = subject.Values.GetValueOrDefault(kind, "");
        if (before.Length > 0 || kind is ChangeKinds.Configuration)
        {
            _changes.Add(Row(subject, kind, since, before, value, before.Length > 0 ? $"{kind} {before} to {value}" : $"{kind} {value}"));
        }

        Set(subject, kind, value, step: null);
    }

    private void Set(Followed subject, string kind, string value, DateTimeOffset? step)
    {
        _values.Add((subject, kind, value, step));
        Dirty.Add(subject);
    }

    private static ChangeRow Row(Followed subject, string kind, DateTimeOffset at, string from, string to, string text) =>
        new(0, at, kind, subject.Subject, subject.Id, subject.Name, from, to, $"{text}{subject.Restlessness(kind)}");

    private static string InstrumentationOf(ServiceRow row)
    {
        var methods = row.Processes.Where(process => process.State is "loaded" or "observed" or "healthy").Select(process => process.Method).Where(method => method.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        return row.Instruments.Length == 0 || methods.Count == 0 ? row.Instruments : $"{row.Instruments} by {string.Join(", ", methods)}";
    }
}
