using Gantry.Gateway.Receive;
using Gantry.Gateway.Receive.Body;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>The bound on bytes in flight, with time in hand.</summary>
public sealed class AdmissionTests : IDisposable
{
    private const int Capacity = 1000;

    private readonly FakeTimeProvider _time = new();
    private readonly ReceiveStats _stats = new();
    private readonly Admission _admission;

    public AdmissionTests() => _admission = new Admission(Capacity, maxWaiting: 2, TimeSpan.FromSeconds(2), _stats, _time);

    public void Dispose() => _admission.Dispose();

    [Fact]
    public void What_fits_is_let_in_at_once_and_gives_back_what_it_held()
    {
        var (first, second) = (Enter(600), Enter(400));

        Assert.True(first.Task.IsCompletedSuccessfully && second.Task.IsCompletedSuccessfully);
        Assert.Equal(1000, _admission.Held);

        first.Reservation.Dispose();
        first.Reservation.Dispose();
        Assert.Equal(400, _admission.Held);
        Assert.Equal((0, 0), (_stats.Waited, _stats.Refused));
    }

    [Fact]
    public async Task Who_finds_no_room_waits_in_order_of_arrival_and_a_small_one_does_not_overtake()
    {
        var all = Enter(1000);
        var (large, small) = (Enter(900), Enter(10));

        Assert.Equal(2, _admission.Waiting);
        all.Reservation.Return(50);
        Assert.False(small.Task.IsCompleted);

        all.Reservation.Dispose();
        Assert.True(await large.Task);
        Assert.True(await small.Task);
        Assert.Equal((0, 910), (_admission.Waiting, _admission.Held));
        Assert.Equal((2, 0), (_stats.Waited, _stats.Refused));
    }

    [Fact]
    public async Task Patience_ends_and_the_later_one_waits_on()
    {
        var all = Enter(1000);
        var first = Enter(10);
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = Enter(10);

        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.False(await first.Task);
        Assert.False(second.Task.IsCompleted);
        Assert.Equal(1, _stats.Refused);

        all.Reservation.Dispose();
        Assert.True(await second.Task);
    }

    [Fact]
    public async Task More_than_may_wait_are_refused_at_once()
    {
        Enter(1000);
        Enter(1);
        Enter(1);

        var third = Enter(1);

        Assert.True(third.Task.IsCompleted);
        Assert.False(await third.Task);
        Assert.Equal((2, 1), (_stats.Waited, _stats.Refused));
    }

    [Fact]
    public async Task One_that_grows_may_go_over_the_bound_and_the_next_waits_for_it()
    {
        var (first, second) = (Enter(500), Enter(500));

        Assert.True(Grow(first, 5000).IsCompletedSuccessfully);
        Assert.True(Grow(first, 5000).IsCompletedSuccessfully);
        var wait = Grow(second, 10);
        Assert.False(wait.IsCompleted);

        first.Reservation.Dispose();
        Assert.True(await wait);
        Assert.Equal(510, _admission.Held);
    }

    [Fact]
    public async Task One_that_grows_goes_before_those_that_came_later()
    {
        var (first, second) = (Enter(500), Enter(500));
        _ = Grow(first, 1000);
        var newcomer = Enter(100);
        var grown = Grow(second, 400);

        first.Reservation.Dispose();

        Assert.True(await grown);
        Assert.True(await newcomer.Task);
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_queue_and_holds_nothing()
    {
        var all = Enter(1000);
        using var gone = new CancellationTokenSource();
        var first = Enter(700, gone.Token);
        var second = Enter(700);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Task);
        all.Reservation.Dispose();

        Assert.True(await second.Task);
        Assert.Equal((700, 0), (_admission.Held, _admission.Waiting));
    }

    [Fact]
    public async Task Many_threads_never_hold_more_than_the_bound_and_one_and_leave_nothing_behind()
    {
        using var admission = new Admission(Capacity, maxWaiting: 1000, TimeSpan.FromMinutes(5), _stats, TimeProvider.System);
        long most = 0;
        var workers = Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 3000; i++)
            {
                using var reservation = new Reservation(admission);
                Assert.True(await reservation.TakeAsync(random.Next(1, 400), CancellationToken.None));
                Assert.True(await reservation.TakeAsync(random.Next(1, 400), CancellationToken.None));
                InterlockedMax(ref most, admission.Held);
                reservation.Return(1);
            }
        }));

        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.InRange(most, 1, Capacity + 800);
        Assert.Equal((0, 0), (admission.Held, admission.Waiting));
    }

    [Fact]
    public async Task Who_goes_away_in_the_moment_it_is_let_in_gives_back_once()
    {
        for (var i = 0; i < 3000; i++)
        {
            using var gone = new CancellationTokenSource();
            var (all, waiter) = (Enter(1000), Enter(500, gone.Token));
            using var start = new Barrier(2);
            var leave = Task.Run(() =>
            {
                start.SignalAndWait();
                gone.Cancel();
                waiter.Reservation.Dispose();
            });
            start.SignalAndWait();
            all.Reservation.Dispose();
            await leave;
            await Task.WhenAny(waiter.Task);

            Assert.Equal((0, 0), (_admission.Held, _admission.Waiting));
        }
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var known = Volatile.Read(ref most); value > known; known = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, known);
        }
    }

    private static Task<bool> Grow((Reservation Reservation, Task<bool> Task) one, int bytes) => one.Reservation.TakeAsync(bytes, CancellationToken.None).AsTask();

    private (Reservation Reservation, Task<bool> Task) Enter(int bytes, CancellationToken gone = default)
    {
        var reservation = new Reservation(_admission);
        return (reservation, reservation.TakeAsync(bytes, gone).AsTask());
    }
}
