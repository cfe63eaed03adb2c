namespace Gantry.Agent.Instrument.Attach.Nettrace;

/// <summary>
/// Counts what the runtime dropped. Each thread numbers its events from 1, the dropped ones too; a sequence point says up to which number each living
/// thread has come at least. A gap is a loss. A number that goes back is another thread with the same id.
/// </summary>
internal sealed class SequenceCheck
{
    /// <summary>Threads remembered; with more than that between two sequence points, some losses are not seen.</summary>
    public const int MostThreads = 100_000;

    private Dictionary<ulong, uint> _last = [];
    private Dictionary<ulong, uint> _living = [];

    public ulong Dropped { get; private set; }

    /// <summary>Remembered now.</summary>
    public int Threads => _last.Count;

    public void Saw(ulong thread, uint number)
    {
        if (_last.TryGetValue(thread, out var last))
        {
            Dropped += number > last ? number - last - 1 : 0;
        }
        else if (_last.Count == MostThreads)
        {
            // A stream names as many threads as it likes.
            return;
        }
        else
        {
            Dropped += number > 0 ? number - 1 : 0;
        }

        _last[thread] = number;
    }

    public void Begin() => _living.Clear();

    public void Point(ulong thread, uint number)
    {
        if (_living.Count == MostThreads && !_living.ContainsKey(thread))
        {
            return;
        }

        var last = _last.GetValueOrDefault(thread);
        Dropped += number > last ? number - last : 0;
        _living[thread] = Math.Max(last, number);
    }

    /// <summary>Threads that the sequence point does not name have ended.</summary>
    public void End() => (_last, _living) = (_living, _last);
}
