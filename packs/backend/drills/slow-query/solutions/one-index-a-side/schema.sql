-- One index for each side of the OR, equality columns first, then the order of the page. The planner
-- joins the two bitmaps.
CREATE INDEX orders_sold_by ON orders (merchant_id, status, placed_at, id);

-- Seven orders in eight name no shipper, and no page asks for those.
CREATE INDEX orders_shipped_by ON orders (fulfilled_by, status, placed_at, id) WHERE fulfilled_by IS NOT NULL;

-- The foreign key of refund has no index of its own: without one, each row of the page reads all refunds.
CREATE INDEX refund_order ON refund (order_id);
