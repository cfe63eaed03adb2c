using System.Buffers.Binary;
using System.Text;
using Gantry.Estate.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe.Quality;

/// <summary>
/// How many different values each attribute of each metric had within this hour. Most have a handful, which are kept as they are; more become a sketch, and
/// only sketches are told: what a few values add to one over gateways cannot matter against 10,000. Not thread-safe: one per shard.
/// </summary>
internal sealed class ValueTable
{
    public const int Few = 64;

    public const int Max = 20_000;

    /// <summary>2 KiB each.</summary>
    public const int MaxSketches = 1000;

    private const int MaxKey = 128;
    private const int Head = 4 + 2;

    private readonly KeyTable<Values> _keys = new();
    private int _sketches;
    private ulong _hour;

    /// <param name="hour">Hours since the Unix epoch.</param>
    public void Begin(ulong hour)
    {
        if (hour > _hour)
        {
            // The last seconds of an hour that were not handed on yet are lost; the next hour is counted from its start.
            _hour = hour;
            for (var i = 0; i < _keys.End; i++)
            {
                if (_keys.IsLive(i))
                {
                    _keys.Remove(i);
                }
            }

            _sketches = 0;
        }
    }

    public void Add(uint service, ReadOnlySpan<byte> metric, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.Length > MaxKey)
        {
            return;
        }

        Span<byte> buffer = stackalloc byte[Head + MetricTable.MaxName + MaxKey];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, service);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[4..], (ushort)metric.Length);
        metric.CopyTo(buffer[Head..]);
        key.CopyTo(buffer[(Head + metric.Length)..]);
        var full = buffer[..(Head + metric.Length + key.Length)];
        var hash = SeededHash.Of(full);
        var index = _keys.Find(full, hash);
        if (index < 0)
        {
            if (_keys.Count >= Max)
            {
                return;
            }

            index = _keys.Add(full, hash);
            _keys[index] = new Values { Few = new ulong[4] };
        }

        Add(ref _keys[index], CardinalitySketch.Hash(value));
    }

    public void Drain(Action<AttributeSketch> take)
    {
        for (var i = 0; i < _keys.End; i++)
        {
            if (_keys.IsLive(i) && _keys[i] is { IsNew: true, Registers: { } registers })
            {
                _keys[i].IsNew = false;
                var key = _keys.KeyOf(i);
                var metric = BinaryPrimitives.ReadUInt16LittleEndian(key[4..]);
                take(new AttributeSketch
                {
                    Service = BinaryPrimitives.ReadUInt32LittleEndian(key),
                    Metric = Encoding.UTF8.GetString(key.Slice(Head, metric)),
                    Key = Encoding.UTF8.GetString(key[(Head + metric)..]),
                    Hour = _hour,
                    Registers = registers,
                });
            }
        }
    }

    private void Add(ref Values values, ulong hash)
    {
        if (values.Registers is { } registers)
        {
            CardinalitySketch.Add(registers, hash);
            values.IsNew = true;
            return;
        }

        if (values.Few.AsSpan(0, values.Count).Contains(hash))
        {
            return;
        }

        if (values.Count == Few)
        {
            Grow(ref values, hash);
            return;
        }

        if (values.Count == values.Few.Length)
        {
            Array.Resize(ref values.Few, values.Count * 2);
        }

        values.Few[values.Count++] = hash;
    }

    private void Grow(ref Values values, ulong hash)
    {
        if (_sketches >= MaxSketches)
        {
            return;
        }

        _sketches++;
        values.Registers = new byte[CardinalitySketch.Registers];
        foreach (var known in values.Few)
        {
            CardinalitySketch.Add(values.Registers, known);
        }

        CardinalitySketch.Add(values.Registers, hash);
        values.IsNew = true;
    }

    private struct Values
    {
        public ulong[] Few;
        public int Count;

        /// <summary>Null while there are only a few.</summary>
        public byte[]? Registers;

        public bool IsNew;
    }
}
