using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gantry.Hub.Ui.Live;

/// <summary>Who watches what. A scope exists while it has a viewer.</summary>
internal sealed class LiveViewers(IOptions<UiOptions> options, ILogger<LiveViewers> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<LiveViewer>> _byScope = [];
    private readonly Channel<bool> _arrivals = LiveViewer.Signal();
    private int _count;

    /// <summary>Something to read when a viewer came to a view that has nothing to show yet.</summary>
    public ChannelReader<bool> Arrivals => _arrivals.Reader;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Null when the house is full.</summary>
    public LiveViewer? TryEnter(string url)
    {
        LiveViewer viewer;
        lock (_gate)
        {
            if (_count >= options.Value.MaxViewers)
            {
                Log.LiveFull(logger, _count);
                return null;
            }

            _count++;
            if (!_byScope.TryGetValue(url, out var viewers))
            {
                _byScope.Add(url, viewers = []);
            }

            viewer = new LiveViewer(viewers.Count > 0 ? viewers[0].Scope : new LiveScope(url));
            viewers.Add(viewer);
        }

        if (viewer.Scope.Frames is null)
        {
            _arrivals.Writer.TryWrite(true);
        }
        else
        {
            viewer.Wake();
        }

        return viewer;
    }

    public void Leave(LiveViewer viewer)
    {
        lock (_gate)
        {
            if (_byScope.TryGetValue(viewer.Scope.Url, out var viewers) && viewers.Remove(viewer))
            {
                _count--;
                if (viewers.Count == 0)
                {
                    _byScope.Remove(viewer.Scope.Url);
                }
            }
        }
    }

    public IReadOnlyList<LiveScope> Scopes()
    {
        lock (_gate)
        {
            return [.. _byScope.Values.Select(static viewers => viewers[0].Scope)];
        }
    }

    public void Wake(LiveScope scope)
    {
        lock (_gate)
        {
            if (_byScope.TryGetValue(scope.Url, out var viewers))
            {
                foreach (var viewer in viewers)
                {
                    viewer.Wake();
                }
            }
        }
    }
}

/// <summary>An open page. It holds no queue: when woken it sends the newest frames that it has not sent, so a slow one skips what is outdated.</summary>
internal sealed class LiveViewer(LiveScope scope)
{
    private readonly Channel<bool> _signal = Signal();

    public LiveScope Scope => scope;

    public ChannelReader<bool> Signals => _signal.Reader;

    public void Wake() => _signal.Writer.TryWrite(true);

    public static Channel<bool> Signal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
