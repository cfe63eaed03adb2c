using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
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

/// <summary>
/// Keeps effective configurations: one object for equal ones, for as long as an agent runs it. After a change all agents of a cohort report the same, so what
/// was said is looked up as it came before it is redacted and packed, which takes a hundred times as long.
/// </summary>
internal sealed class EffectiveConfigs
{
    private const int SweepEvery = 4_096;

    // Many that differ in their secrets alone are one; then each is redacted anew.
    private const int MostAsSaid = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, WeakReference<KeptConfig>> _kept = [];
    private readonly Dictionary<UInt128, WeakReference<KeptConfig>> _asSaid = [];
    private int _added;

    /// <summary>Redacts what it is given.</summary>
    public KeptConfig Keep(AgentConfigMap map)
    {
        // A map has no order of its own.
        map.Entries.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var said = KeyOf(map);
        lock (_lock)
        {
            if (Find_NeedsLock(_asSaid, said) is { } known)
            {
                return known;
            }
        }

        foreach (var entry in map.Entries)
        {
            entry.Config.Body = Redaction.Redact(entry.Config.Body, entry.Config.ContentType);
        }

        var bytes = map.ToArray();
        var key = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(bytes));
        lock (_lock)
        {
            var config = Find_NeedsLock(_kept, key);
            if (config is null)
            {
                config = new KeptConfig(Pack(bytes), bytes.Length, key);
                _kept[key] = new WeakReference<KeptConfig>(config);
            }

            if (_asSaid.Count >= MostAsSaid)
            {
                _asSaid.Clear();
            }

            _asSaid[said] = new WeakReference<KeptConfig>(config);
            Sweep_NeedsLock();
            return config;
        }
    }

    private static KeptConfig? Find_NeedsLock(Dictionary<UInt128, WeakReference<KeptConfig>> among, UInt128 key) =>
        among.TryGetValue(key, out var known) && known.TryGetTarget(out var config) ? config : null;

    /// <summary>Of what was said, secrets and all; it stays in memory.</summary>
    private static UInt128 KeyOf(AgentConfigMap map)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var entry in map.Entries)
        {
            foreach (var part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[Encoding.UTF8.GetBytes(entry.Name), Encoding.UTF8.GetBytes(entry.Config.ContentType), Encoding.UTF8.GetBytes(entry.Config.Role), entry.Config.Body])
            {
                BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
                hash.AppendData(length);
                hash.AppendData(part.Span);
            }
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return packed.ToArray();
    }

    private void Sweep_NeedsLock()
    {
        if (++_added % SweepEvery != 0)
        {
            return;
        }

        foreach (var among in (ReadOnlySpan<Dictionary<UInt128, WeakReference<KeptConfig>>>)[_kept, _asSaid])
        {
            foreach (var gone in among.Where(item => !item.Value.TryGetTarget(out _)).Select(item => item.Key).ToList())
            {
                among.Remove(gone);
            }
        }
    }
}
