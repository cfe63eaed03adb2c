using Gantry.Gateway.Receive.Body;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Receive;

public class BodyPoolTests
{
    [Theory]
    [InlineData(1, 65_536)]
    [InlineData(65_536, 65_536)]
    [InlineData(65_537, 131_072)]
    [InlineData(8 * 1024 * 1024, 8 * 1024 * 1024)]
    [InlineData((8 * 1024 * 1024) + 1, (8 * 1024 * 1024) + 1)]
    public void Lengths_are_powers_of_two_up_to_8_MiB(int bytes, int length)
    {
        using var pool = new BodyPool(1 << 20, new FakeTimeProvider());

        Assert.Equal(length, BodyPool.LengthFor(bytes));
        Assert.Equal(length, pool.Rent(length).Length);
    }

    [Fact]
    public void The_last_one_back_is_the_first_one_out()
    {
        using var pool = new BodyPool(1 << 20, new FakeTimeProvider());
        var (first, second) = (pool.Rent(65_536), pool.Rent(65_536));
        pool.Return(first);
        pool.Return(second);

        Assert.Same(second, pool.Rent(65_536));
        Assert.Same(first, pool.Rent(65_536));
        Assert.NotSame(first, pool.Rent(65_536));
    }

    [Fact]
    public void What_lies_idle_goes_by_halves_and_what_is_used_stays()
    {
        var stack = new SpareStack<object>(most: 100);
        for (var i = 0; i < 120; i++)
        {
            stack.Push(new object());
        }

        Assert.Equal(100, stack.Count);
        stack.LetIdleOnesGo();
        Assert.Equal(100, stack.Count);
        stack.Push(stack.TryPop()!);
        stack.LetIdleOnesGo();
        Assert.Equal(50, stack.Count);
        for (var i = 0; i < 10; i++)
        {
            stack.LetIdleOnesGo();
        }

        Assert.Equal(0, stack.Count);
        Assert.Null(stack.TryPop());
    }
}
