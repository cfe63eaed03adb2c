using System.Numerics;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Remembers the shapes of spans and what spans of each count in: a span that fits one is neither scanned nor looked up. Sets of four, found by
/// <see cref="SpanHandle"/>; the one that fits most moves to the front. Not thread-safe: one per shard.
/// </summary>
/// <remarks>
/// A span that fits none takes the long way, which is right for every span; so all limits here cost time only. Where shapes do not help (names of many
/// forms, values that are always new), a set rests, and learning gets rare.
/// </remarks>
internal sealed class ShapeTable
{
    private const int Sets = 1024;
    private const int Ways = 4;
    private const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>A set that missed this often in a row is not asked for the next <see cref="Rest"/> spans.</summary>
    private const int Patience = 32;
    private const int Rest = 1000;

    /// <summary>So many misses of a set are learned from; then only each that is a power of two, or spans without a form would allocate for ever.</summary>
    private const int Lessons = 64;

    private readonly Way[] _ways = new Way[Sets * Ways];
    private readonly SetState[] _sets = new SetState[Sets];
    private readonly List<Entry> _added = [];
    private int _bytes;

    /// <summary>Shapes in it.</summary>
    public int Count { get; private set; }

    /// <param name="tick">Any clock that only goes up.</param>
    /// <param name="handle">For <see cref="Learn"/>; 0 when there is nothing to learn.</param>
    public bool TryFind(uint service, ReadOnlySpan<byte> span, uint tick, out SpanView view, out Resolved place, out ulong handle)
    {
        if (SpanHandle.TryFind(span, service, out handle))
        {
            ref var set = ref _sets[(int)(handle % Sets)];
            if (set.Rest == 0)
            {
                var ways = _ways.AsSpan((int)(handle % Sets) * Ways, Ways);
                for (var i = 0; i < Ways; i++)
                {
                    if (ways[i].Handle != handle || ways[i].Entry is not { } entry || entry.Service != service || !entry.Shape.Matches(span, out view))
                    {
                        continue;
                    }

                    if (i > 0)
                    {
                        (ways[i - 1], ways[i]) = (ways[i], ways[i - 1]);
                    }

                    set.MissesInRow = 0;
                    entry.Tick = tick;
                    place = entry.Place;
                    return true;
                }

                Missed(ref set, ref handle);
            }
            else
            {
                set.Rest--;
                handle = 0;
            }
        }

        view = default;
        place = default;
        return false;
    }

    /// <summary>Takes the shape of a span that was not found, or makes one that nearly fitted fit.</summary>
    /// <param name="span">Valid, with valid ids.</param>
    /// <param name="looked">Attributes that its place depends on; see <see cref="SpanForm.Of"/>.</param>
    /// <param name="known">Number of its key at the resolver, for <see cref="Expire"/>.</param>
    public void Learn(uint service, ReadOnlySpan<byte> span, ulong handle, uint looked, Resolved place, int known, uint tick)
    {
        if (_bytes > MaxBytes || SpanForm.Of(span, looked) is not { } form)
        {
            return;
        }

        var ways = _ways.AsSpan((int)(handle % Sets) * Ways, Ways);
        var way = ChooseWay(ways, service, handle, form.Identity, out var isSame);
        if (form.ToShape(isSame ? ways[way].Entry!.Shape : null) is { } shape)
        {
            Remove(ref ways[way]);
            var entry = new Entry(service, shape, place, known, handle) { Tick = tick };
            ways[way] = new Way { Handle = handle, Entry = entry };
            _bytes += shape.Bytes;
            Count++;
            _added.Add(entry);
        }
    }

    /// <summary>What is added from now on belongs to one request.</summary>
    public void Begin() => _added.Clear();

    /// <summary>The request was malformed: what it added goes again.</summary>
    public void Rollback()
    {
        foreach (var entry in _added)
        {
            foreach (ref var way in _ways.AsSpan((int)(entry.Handle % Sets) * Ways, Ways))
            {
                if (ReferenceEquals(way.Entry, entry))
                {
                    Remove(ref way);
                }
            }
        }

        _added.Clear();
    }

    /// <summary>Forgets shapes that no span fitted since <paramref name="beforeTick"/>.</summary>
    /// <param name="inUse">Told of each other one: the number of its key, and when it last fitted.</param>
    public void Expire(uint beforeTick, Action<int, uint> inUse)
    {
        foreach (ref var way in _ways.AsSpan())
        {
            if (way.Entry is { } entry && entry.Tick >= beforeTick)
            {
                inUse(entry.Known, entry.Tick);
            }
            else
            {
                Remove(ref way);
            }
        }

        // Services change: what could not be learned then may be now.
        Array.Clear(_sets);
    }

    private static void Missed(ref SetState set, ref ulong handle)
    {
        set.Misses++;
        if (++set.MissesInRow == Patience)
        {
            set.MissesInRow = 0;
            set.Rest = Rest;
        }

        if (set.Misses > Lessons && !BitOperations.IsPow2(set.Misses))
        {
            handle = 0;
        }
    }

    /// <summary>The one of the same identity, else an empty one, else the last.</summary>
    private static int ChooseWay(ReadOnlySpan<Way> ways, uint service, ulong handle, ulong identity, out bool isSame)
    {
        var chosen = Ways - 1;
        for (var i = Ways - 1; i >= 0; i--)
        {
            if (ways[i].Entry is not { } entry)
            {
                chosen = i;
            }
            else if (ways[i].Handle == handle && entry.Service == service && entry.Shape.Identity == identity)
            {
                isSame = true;
                return i;
            }
        }

        isSame = false;
        return chosen;
    }

    private void Remove(ref Way way)
    {
        if (way.Entry is { } entry)
        {
            _bytes -= entry.Shape.Bytes;
            Count--;
            way = default;
        }
    }

    private struct Way
    {
        public ulong Handle;
        public Entry? Entry;
    }

    private struct SetState
    {
        public uint Misses;
        public ushort MissesInRow;
        public ushort Rest;
    }

    private sealed class Entry(uint service, SpanShape shape, Resolved place, int known, ulong handle)
    {
        public uint Service { get; } = service;

        public SpanShape Shape { get; } = shape;

        public Resolved Place { get; } = place;

        public int Known { get; } = known;

        public ulong Handle { get; } = handle;

        public uint Tick { get; set; }
    }
}
