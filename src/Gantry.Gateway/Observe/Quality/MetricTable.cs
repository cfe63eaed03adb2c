using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe.Quality;

/// <summary>
/// Which metrics a service sends, with which units and bounds. Looking one up allocates nothing; a new one does. Not thread-safe: one per shard.
/// </summary>
internal sealed class MetricTable
{
    /// <summary>Longer names are left out; the SDKs allow 255 characters.</summary>
    public const int MaxName = 256;

    /// <summary>One more than a unit may have, so that one that is too long is still seen to be.</summary>
    public const int MaxUnit = 64;

    /// <summary>Of one service; further ones are not judged.</summary>
    public const int MaxPerService = 2000;

    public const int Max = 50_000;

    private const int Head = 4 + 8 + 1;

    // Of the text for people.
    private const int ShownBounds = 20;

    private readonly KeyTable<Seen> _keys = new();
    private readonly Dictionary<uint, int> _perService = [];

    public SeriesCache Series { get; } = new();

    public int Count => _keys.Count;

    /// <param name="boundsHash">0 for what is no histogram with explicit bounds.</param>
    /// <param name="bounds">Packed doubles.</param>
    /// <returns>-1 when there is no room for it.</returns>
    public int Find(uint service, in MetricView metric, ulong boundsHash, ReadOnlySpan<byte> bounds)
    {
        Span<byte> buffer = stackalloc byte[Head + MaxUnit + MaxName];
        var unit = metric.Unit.Length > MaxUnit ? metric.Unit[..MaxUnit] : metric.Unit;
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, service);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer[4..], boundsHash);
        buffer[Head - 1] = (byte)unit.Length;
        unit.CopyTo(buffer[Head..]);
        metric.Name.CopyTo(buffer[(Head + unit.Length)..]);
        var key = buffer[..(Head + unit.Length + metric.Name.Length)];
        var hash = SeededHash.Of(key);
        var index = _keys.Find(key, hash);
        if (index >= 0)
        {
            return index;
        }

        var owned = _perService.GetValueOrDefault(service);
        if (owned >= MaxPerService || _keys.Count >= Max)
        {
            return -1;
        }

        _perService[service] = owned + 1;
        index = _keys.Add(key, hash);
        _keys[index] = new Seen { Bounds = Text(bounds) };
        return index;
    }

    public void Touch(int index, ulong nowUnixNano)
    {
        ref var seen = ref _keys[index];
        seen.LastUnixNano = nowUnixNano;
        seen.IsNew = true;
    }

    public void Drain(Action<MetricFact> take)
    {
        for (var i = 0; i < _keys.End; i++)
        {
            if (_keys.IsLive(i) && _keys[i].IsNew)
            {
                _keys[i].IsNew = false;
                take(ToMessage(_keys.KeyOf(i), _keys[i]));
            }
        }
    }

    /// <returns>Whether one went: its number is given out again.</returns>
    public bool Expire(ulong beforeUnixNano)
    {
        var any = false;
        for (var i = 0; i < _keys.End; i++)
        {
            if (_keys.IsLive(i) && !_keys[i].IsNew && _keys[i].LastUnixNano < beforeUnixNano)
            {
                var service = BinaryPrimitives.ReadUInt32LittleEndian(_keys.KeyOf(i));
                if (--CollectionsMarshal.GetValueRefOrAddDefault(_perService, service, out _) == 0)
                {
                    _perService.Remove(service);
                }

                _keys.Remove(i);
                any = true;
            }
        }

        return any;
    }

    private static MetricFact ToMessage(ReadOnlySpan<byte> key, in Seen seen)
    {
        var unit = key[Head - 1];
        return new MetricFact
        {
            Service = BinaryPrimitives.ReadUInt32LittleEndian(key),
            BoundsHash = BinaryPrimitives.ReadUInt64LittleEndian(key[4..]),
            Unit = Encoding.UTF8.GetString(key.Slice(Head, unit)),
            Name = Encoding.UTF8.GetString(key[(Head + unit)..]),
            Bounds = seen.Bounds,
            LastUnixNano = seen.LastUnixNano,
        };
    }

    private static string Text(ReadOnlySpan<byte> bounds)
    {
        var text = new StringBuilder();
        for (var i = 0; i < ShownBounds && bounds.Length >= 8; i++, bounds = bounds[8..])
        {
            text.Append(i == 0 ? "" : ", ").Append(BinaryPrimitives.ReadDoubleLittleEndian(bounds).ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(bounds.Length >= 8 ? ", …" : "").ToString();
    }

    private struct Seen
    {
        public ulong LastUnixNano;

        /// <summary>Since the last drain.</summary>
        public bool IsNew;

        public string Bounds;
    }
}
