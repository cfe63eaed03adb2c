using System.Runtime.InteropServices;

namespace Gantry.Cli.Demo;

/// <summary>How the services of samples/shop are started: who listens where, and whom each calls.</summary>
internal static class ShopPlans
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "shop");

    /// <summary>Four services that call each other.</summary>
    public static IReadOnlyList<ServicePlan> Plain()
    {
        var (storefront, catalog, cart, payments) = (Ports.Take(5080), Ports.Take(5081), Ports.Take(5082), Ports.Take(5083));
        return
        [
            Node("storefront", storefront, To("CATALOG_URL", catalog), To("CART_URL", cart), To("PAYMENTS_URL", payments)),
            Node("catalog", catalog),
            Node("cart", cart),
            Payments(payments),
        ];
    }

    /// <summary>Two more: a bank behind the payments, and the fulfilment behind a queue.</summary>
    /// <param name="modules">The node_modules folder that has what talks to the queue.</param>
    public static IReadOnlyList<ServicePlan> WithQueue(Uri queue, string modules)
    {
        var (storefront, catalog, cart, payments) = (Ports.Take(5080), Ports.Take(5081), Ports.Take(5082), Ports.Take(5083));
        var (bank, fulfilment) = (Ports.Take(5084), Ports.Take(5085));
        KeyValuePair<string, string>[] orders = [new("ORDERS_URL", queue.OriginalString), new("NODE_PATH", modules)];
        return
        [
            Node("storefront", storefront, [To("CATALOG_URL", catalog), To("CART_URL", cart), To("PAYMENTS_URL", payments), .. orders]),
            Node("catalog", catalog),
            Node("cart", cart),
            Payments(payments, To("BANK_URL", bank)),
            Node("bank", bank),
            Node("fulfilment", fulfilment, orders),
        ];
    }

    private static KeyValuePair<string, string> To(string variable, int port) => new(variable, $"http://127.0.0.1:{port}");

    private static ServicePlan Node(string name, int port, params KeyValuePair<string, string>[] environment) =>
        new(name, IsNode: true, "node", Path.Combine(Folder, name + ".js"), port, [new("PORT", $"{port}"), .. environment]);

    private static ServicePlan Payments(int port, params KeyValuePair<string, string>[] environment) =>
        new("payments", IsNode: false, DotNet(), Path.Combine(Folder, "payments", "payments.dll"), port, [new("PORT", $"{port}"), .. environment]);

    /// <summary>The host that runs this program, also when that is not on PATH: shared/Microsoft.NETCore.App/10.0.0/ below it.</summary>
    private static string DotNet()
    {
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }
}
