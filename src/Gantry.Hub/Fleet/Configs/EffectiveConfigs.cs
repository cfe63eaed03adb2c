using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet.Configs;

/// <summary>A configuration that an agent says it runs: without secrets, packed, and shared by all agents that run the same.</summary>
internal sealed class KeptConfig(byte[] packed, int length, UInt128 key)
{
    /// <summary>Of the redacted message; equal for equal configurations.</summary>
    public UInt128 Key { get; } = key;

    public AgentConfigMap Read()
    {
        var bytes = new byte[length];
        using var inflate = new DeflateStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);
        inflate.ReadExactly(bytes);
        return WireMessage.TryRead<AgentConfigMap>(bytes, out _) ?? new AgentConfigMap();
    }
}

/// <summary>Keeps effective configurations: one object for equal ones, for as long as an agent runs it.</summary>
internal sealed class EffectiveConfigs
{
    private const int SweepEvery = 4_096;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, WeakReference<KeptConfig>> _kept = [];
    private int _added;

    /// <summary>Redacts what it is given.</summary>
    public KeptConfig Keep(AgentConfigMap map)
    {
        foreach (var entry in map.Entries)
        {
            entry.Config.Body = Redaction.Redact(entry.Config.Body, entry.Config.ContentType);
        }

        // A map has no order of its own.
        map.Entries.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var bytes = map.ToArray();
        var key = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(bytes));
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var known) && known.TryGetTarget(out var config))
            {
                return config;
            }

            using var packed = new MemoryStream();
            using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                deflate.Write(bytes);
            }

            config = new KeptConfig(packed.ToArray(), bytes.Length, key);
            _kept[key] = new WeakReference<KeptConfig>(config);
            Sweep_NeedsLock();
            return config;
        }
    }

    private void Sweep_NeedsLock()
    {
        if (++_added % SweepEvery != 0)
        {
            return;
        }

        foreach (var gone in _kept.Where(item => !item.Value.TryGetTarget(out _)).Select(item => item.Key).ToList())
        {
            _kept.Remove(gone);
        }
    }
}
