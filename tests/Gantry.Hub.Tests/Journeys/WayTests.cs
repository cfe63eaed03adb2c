using Gantry.Hub.Journeys;
using Gantry.Hub.Journeys.Ways;
using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Journeys;

/// <summary>The ways of requests through traces that nobody would send by accident.</summary>
public class WayTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly ServiceState Shop = new(new ServiceKey("shop", "", ""));
    private static readonly ServiceState Cart = new(new ServiceKey("cart", "", ""));
    private static readonly PeerKey Peer = new(PeerType.Service, "cart", "", "");

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Spans_nested_as_deep_as_anybody_likes_end_nobody(int kind)
    {
        const int Depth = 100_000;
        List<ChosenSpan> spans = [Span(1, 0, Shop, 2), .. Enumerable.Range(2, Depth).Select(i => Span((ulong)i, (ulong)i - 1, Shop, kind))];

        var visit = Visit(spans);

        Assert.InRange(visit.Steps.Count, 1, 1001);
    }

    [Fact]
    public void A_circle_of_parents_is_walked_once()
    {
        var visit = Visit([Span(1, 0, Shop, 2), Span(2, 1, Shop, 3), Span(3, 2, Cart, 2), Span(4, 3, Cart, 3), Span(3, 4, Cart, 2)]);

        Assert.InRange(visit.Steps.Count, 2, 5);
    }

    [Fact]
    public void A_service_that_calls_itself_is_two_stations_and_work_within_is_none()
    {
        var visit = Visit([Span(1, 0, Shop, 2), Span(2, 1, Shop, 1), Span(3, 2, Shop, 3), Span(4, 3, Shop, 2), Span(5, 4, Shop, 3), Span(6, 5, Cart, 2)]);

        Assert.Equal([(-1, "shop"), (0, "shop"), (1, "cart")], visit.Steps.Select(step => (step.Parent, step.Station.Service!.Key.Name)));
    }

    [Fact]
    public void Shares_stay_true_when_old_requests_fade_and_places_go_when_nobody_comes_by()
    {
        var tree = new WayTree(Shop, "GET /");
        var at = Now;
        void Come(int requests, params List<ChosenSpan> more)
        {
            for (var i = 0; i < requests; i++)
            {
                tree.Count(Visit([Span(1, 0, Shop, 2), .. more]), at = at.AddSeconds(1));
            }
        }

        Come(900);
        // From now on every request goes to the cart.
        Come(3000, Span(2, 1, Shop, 3), Span(3, 2, Cart, 2));
        var cart = Assert.Single(tree.Root.Children.Values);
        Assert.InRange(cart.ShareOf(tree), 0.99, 1.01);
        Assert.False(cart.IsGone(tree));

        Come(20);
        Assert.False(cart.IsGone(tree));
        Come(20);
        Assert.True(cart.IsGone(tree));
    }

    private static WayVisit Visit(List<ChosenSpan> spans) => WayVisit.Of(new TraceTree(new ChosenTrace(1, 2, spans, Now)), spans[0], new NobodyIsDark());

    private static ChosenSpan Span(ulong id, ulong parent, ServiceState service, int kind) =>
        new(id, parent, service, kind, "op", kind is 3 or 4 ? Peer : null, IsLink: false, HasLink: false, Failed: false, 1);

    private sealed class NobodyIsDark : IPeerFacts
    {
        public bool IsDark(ServiceState caller, PeerKey peer) => false;
    }
}
