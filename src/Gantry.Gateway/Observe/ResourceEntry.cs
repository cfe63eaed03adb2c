using Gantry.Gateway.Observe.Quality;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe;

/// <summary>What is kept of one distinct resource: who it is, and what came from it.</summary>
/// <param name="bytes">Its Resource message as received; the key.</param>
/// <param name="source">Service number and identifying attributes.</param>
/// <param name="hostId">host.id, else host.name, else "".</param>
internal sealed class ResourceEntry(byte[] bytes, TelemetrySource source, string hostId, ulong createdUnixNano)
{
    public byte[] Bytes { get; } = bytes;

    public TelemetrySource Source { get; } = source;

    public string HostId { get; } = hostId;

    /// <summary>Names of attributes that it should have and has not.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What the rules of the Instrumentation Score ask of a resource.</summary>
    public ResourceQuality Quality { get; init; }

    /// <summary>Up to when that was noted.</summary>
    public ulong LookedUnixNano { get; set; }

    /// <summary>What is missing was told, or is no finding.</summary>
    public bool IsChecked { get; set; }

    public string HostName => Source.Find("host.name") ?? HostId;

    /// <summary>Something was accepted from it since the last report.</summary>
    public bool Dirty { get; set; }

    /// <summary>Something was accepted from it at all.</summary>
    public bool HasSent => Source.Signals.Count > 0;

    /// <summary>When something last came; at first, when it was first seen.</summary>
    public ulong LastUnixNano { get; private set; } = createdUnixNano;

    private readonly List<(byte[] Bytes, ScopeSeen Scope)> _scopes = [];

    /// <summary>A resource has a handful of scopes; a sender who makes more gets no more of them remembered.</summary>
    private const int MaxScopes = 200;

    // A scope is a name, a version and a few attributes; a larger one is not worth its memory.
    private const int MaxScopeBytes = 4096;

    public void Count(Signal signal, ulong items, ulong nowUnixNano)
    {
        var seen = SeenOf(signal);
        seen.Items += items;
        seen.LastUnixNano = nowUnixNano;
        LastUnixNano = nowUnixNano;
        Dirty = true;
    }

    private SignalSeen SeenOf(Signal signal)
    {
        // A loop, because a lambda here would allocate once for each block of spans.
        foreach (var known in Source.Signals)
        {
            if (known.Signal == signal)
            {
                return known;
            }
        }

        var added = new SignalSeen { Signal = signal };
        Source.Signals.Add(added);
        return added;
    }

    public void Saw(ScopeSeen scope, ulong nowUnixNano)
    {
        scope.LastUnixNano = nowUnixNano;
        Dirty = true;
    }

    public void SawSampling(ulong nowUnixNano)
    {
        Source.SampledUnixNano = nowUnixNano;
        Dirty = true;
    }

    /// <summary>A copy for the report, which is written while this entry goes on counting.</summary>
    public TelemetrySource Snapshot()
    {
        var copy = new TelemetrySource { Service = Source.Service, SampledUnixNano = Source.SampledUnixNano };
        copy.Attributes.AddRange(Source.Attributes);
        copy.Signals.AddRange(Source.Signals.Select(seen => new SignalSeen { Signal = seen.Signal, Items = seen.Items, LastUnixNano = seen.LastUnixNano }));
        copy.Scopes.AddRange(Source.Scopes.Select(scope => new ScopeSeen
        {
            Name = scope.Name,
            Version = scope.Version,
            Signal = scope.Signal,
            LastUnixNano = scope.LastUnixNano,
        }));
        return copy;
    }

    /// <summary>The scope with these bytes, remembered on first sight; null when this resource has too many.</summary>
    public ScopeSeen? ScopeOf(ReadOnlySpan<byte> bytes, Signal signal)
    {
        foreach (var (known, scope) in _scopes)
        {
            if (scope.Signal == signal && bytes.SequenceEqual(known))
            {
                return scope;
            }
        }

        if (_scopes.Count >= MaxScopes || bytes.Length > MaxScopeBytes)
        {
            return null;
        }

        var added = ScopeReader.Read(bytes, signal);
        _scopes.Add((bytes.ToArray(), added));
        Source.Scopes.Add(added);
        return added;
    }
}
