namespace Gantry.Agent.Network;

/// <summary>
/// The one thread of the view. It sleeps until the kernel tells of destroyed sockets, and has them counted: a buffer for them is full after some ten
/// thousand, which a busy host closes between two samples.
/// </summary>
internal sealed class CloseWatch : IDisposable
{
    /// <summary>A pause after each waking lets several come together: waking is dearer than reading.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Func<PollDescriptor[]> _descriptors;
    private readonly Action _take;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <param name="descriptors">What to wait for; asked again twice a second.</param>
    /// <param name="take">Called on this thread when there is something.</param>
    public CloseWatch(Func<PollDescriptor[]> descriptors, Action take)
    {
        _descriptors = descriptors;
        _take = take;
        _thread = new Thread(Run, 256 * 1024) { IsBackground = true, Name = "gantry network view" };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            var descriptors = _descriptors();
            var isReady = Netlink.Poll(descriptors, 500);
            if (_stop.Wait(isReady ? Pause : TimeSpan.Zero))
            {
                break;
            }

            if (isReady)
            {
                _take();
            }
        }
    }
}
